/** A menu of actions, opened beside a button or at the pointer; arrow keys move in it. */

import { h } from "./dom.js";
import { float } from "./floating.js";

/**
 * Open a menu. Items: `{label, act, danger?}`, `{heading}` or null for a line between.
 *
 * Focus goes to the first action and comes back to `back` afterwards.
 */
export function openMenu(anchor, items, { label = "Actions", back = null, align = "start" } = {}) {
  const panel = h("div", { class: "menu", role: "menu", "aria-label": label, tabindex: -1 });
  let close = () => {};
  for (const item of items) {
    if (item === null) panel.append(h("div", { class: "menu-line", role: "separator" }));
    else if (item.heading) panel.append(h("div", { class: "overline menu-heading", role: "presentation" }, item.heading));
    else {
      const act = () => {
        close("done");
        item.act();
      };
      panel.append(h("button", { type: "button", role: "menuitem", tabindex: -1, class: item.danger ? "menu-item danger" : "menu-item", on: { click: act } }, item.label));
    }
  }
  const entries = [...panel.querySelectorAll("[role=menuitem]")];
  panel.addEventListener("keydown", (event) => {
    const at = entries.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (event.key === "Tab") {
      event.preventDefault();
      close("done");
      back?.focus();
    } else if (to !== undefined) {
      event.preventDefault();
      entries.at(((to % entries.length) + entries.length) % entries.length).focus();
    }
  });
  close = float(anchor, panel, {
    align,
    onClose: (reason) => {
      if (reason !== "outside") back?.focus?.();
    },
  });
  entries[0]?.focus({ preventScroll: true });
}
