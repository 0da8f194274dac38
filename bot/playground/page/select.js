/**
 * A select menu as an accessible listbox: one choice, or several with a "Done" button.
 *
 * A single choice is sent as soon as it is picked. Several choices are sent when the person presses
 * "Done" or Tab, or presses outside; Escape leaves everything as it was.
 */

import { freshId, h } from "./dom.js";
import { float } from "./floating.js";
import { icon } from "./icons.js";

/**
 * Make a select.
 *
 * `options`: [{label, value, description?, emoji?, default?}]. `selected`: the chosen values, or null
 * for the options' defaults. `onCommit(values)` is called with the final choice. `emojiNode(emoji)`
 * returns the element for an option's emoji.
 */
export function createSelect({ customId, placeholder = "Make a selection", options, min = 1, max = 1, disabled = false, busy = false, selected = null, labelledBy = null, emojiNode = () => null, onCommit }) {
  let values = selected ?? options.filter((option) => option.default).map((option) => option.value);
  const several = max > 1;
  const valueId = freshId("select-value");
  const shown = h("span", { class: "select-value", id: valueId });
  const trigger = h(
    "button",
    {
      type: "button", class: "select", role: "combobox", "aria-haspopup": "listbox", "aria-expanded": "false",
      "aria-labelledby": labelledBy ? `${labelledBy} ${valueId}` : valueId,
      "aria-busy": busy ? "true" : null, disabled: disabled || busy, data: { customId },
    },
    shown,
    icon("down", 18),
  );

  function describe() {
    const chosen = options.filter((option) => values.includes(option.value));
    shown.classList.toggle("is-empty", chosen.length === 0);
    if (!chosen.length) shown.replaceChildren(placeholder);
    else if (!several) shown.replaceChildren(...inner(chosen[0], false));
    else shown.replaceChildren(...chosen.map((option) => h("span", { class: "pill" }, option.label)));
  }

  function inner(option, described = true) {
    const words = h("span", { class: "option-words" }, h("span", { class: "option-label" }, option.label));
    if (described && option.description) words.append(h("span", { class: "option-hint" }, option.description));
    return [option.emoji ? emojiNode(option.emoji) : null, words].filter(Boolean);
  }

  function open() {
    if (trigger.disabled || trigger.getAttribute("aria-expanded") === "true") return;
    const before = [...values];
    const draft = new Set(values);
    const items = options.map((option) =>
      h("div", { class: "option", role: "option", id: freshId("option"), data: { value: option.value } }, h("span", { class: several ? "tick tick-box" : "tick" }, icon("check", 14)), inner(option)),
    );
    const list = h("div", { class: "listbox", role: "listbox", tabindex: 0, "aria-multiselectable": several ? "true" : null, "aria-label": placeholder }, items);
    const count = h("span", { class: "select-count", "aria-live": "polite" });
    const done = h("button", { type: "button", class: "button button-primary button-small", on: { click: () => close("done") } }, "Done");
    const panel = h("div", { class: "select-panel" }, list, several ? h("div", { class: "select-foot" }, count, done) : null);
    let active = Math.max(0, options.findIndex((option) => draft.has(option.value)));
    let typed = "";
    let typedAt = 0;

    function paint() {
      items.forEach((item, at) => {
        const on = draft.has(options[at].value);
        item.setAttribute("aria-selected", String(on));
        item.classList.toggle("is-active", at === active);
        const full = several && !on && draft.size >= max;
        item.setAttribute("aria-disabled", String(full));
      });
      list.setAttribute("aria-activedescendant", items[active]?.id ?? "");
      count.textContent = draft.size < min ? `Choose at least ${min}` : `${draft.size} of up to ${max} chosen`;
      done.disabled = draft.size < min;
    }

    function toggle(at) {
      const value = options[at]?.value;
      if (value === undefined) return;
      active = at;
      if (!several) {
        if (draft.has(value) && min === 0) draft.clear();
        else {
          draft.clear();
          draft.add(value);
        }
        close("done");
        return;
      }
      if (draft.has(value)) draft.delete(value);
      else if (draft.size < max) draft.add(value);
      paint();
    }

    function move(to) {
      active = Math.max(0, Math.min(items.length - 1, to));
      items[active]?.scrollIntoView({ block: "nearest" });
      paint();
    }

    list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) toggle(items.indexOf(item));
    });
    list.addEventListener("pointermove", (event) => {
      const item = event.target.closest("[role=option]");
      if (item && items.indexOf(item) !== active) {
        active = items.indexOf(item);
        paint();
      }
    });
    panel.addEventListener("keydown", (event) => {
      const to = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: items.length - 1, PageDown: active + 6, PageUp: active - 6 }[event.key];
      if (event.key === "Tab" && (event.shiftKey || !several || event.target === done)) {
        event.preventDefault();
        close("done");
      } else if (event.target === done) return;
      else if (to !== undefined) {
        event.preventDefault();
        move(to);
      } else if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        toggle(active);
      } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
        typed = event.timeStamp - typedAt > 700 ? event.key : typed + event.key;
        typedAt = event.timeStamp;
        const found = options.findIndex((option) => option.label.toLowerCase().startsWith(typed.toLowerCase()));
        if (found >= 0) move(found);
      }
    });

    const close = float(trigger, panel, {
      matchWidth: true,
      onClose: (reason) => {
        trigger.setAttribute("aria-expanded", "false");
        const order = options.map((option) => option.value).filter((value) => draft.has(value));
        const same = order.length === before.length && order.every((value) => before.includes(value));
        const keep = reason === "escape" || reason === "gone" || draft.size < min;
        if (reason !== "outside") trigger.focus({ preventScroll: true });
        if (keep || (several ? same : reason !== "done")) return;
        values = order;
        describe();
        onCommit(order);
      },
    });
    trigger.setAttribute("aria-expanded", "true");
    if (!items.length) list.append(h("div", { class: "option-none" }, "Nothing to choose from here"));
    paint();
    items[active]?.scrollIntoView({ block: "nearest" });
    list.focus({ preventScroll: true });
  }

  trigger.addEventListener("click", open);
  trigger.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      open();
    }
  });
  describe();
  return trigger;
}
