/** The list above the composer: commands, options or values to choose from. */

import { freshId, h } from "./dom.js";

/**
 * Make the list inside `host`. The focus stays in the text field for which the list is shown; call
 * `bind(field)` to say which field that is.
 */
export function createSuggestions(host) {
  const listId = freshId("suggestions");
  const heading = h("div", { class: "overline suggestions-heading" });
  const list = h("div", { class: "suggestions-list", role: "listbox", id: listId, "aria-label": "Suggestions" });
  const panel = h("div", { class: "suggestions", hidden: true }, heading, list);
  host.append(panel);
  let field = null;
  let entries = [];
  let active = -1;
  let onPick = () => {};

  function paint() {
    [...list.children].forEach((node, at) => {
      node.setAttribute("aria-selected", String(at === active));
      node.classList.toggle("is-active", at === active);
    });
    const node = list.children[active];
    node?.scrollIntoView({ block: "nearest" });
    if (field) {
      field.setAttribute("aria-expanded", String(!panel.hidden));
      if (node && !panel.hidden) field.setAttribute("aria-activedescendant", node.id);
      else field.removeAttribute("aria-activedescendant");
    }
  }

  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const at = [...list.children].indexOf(event.target.closest("[role=option]"));
    if (at >= 0) onPick(entries[at], "click");
  });

  return {
    get isOpen() {
      return !panel.hidden;
    },
    get active() {
      return panel.hidden ? null : (entries[active] ?? null);
    },
    bind(next) {
      field?.setAttribute("aria-expanded", "false");
      field?.removeAttribute("aria-activedescendant");
      field = next;
      field.setAttribute("role", "combobox");
      field.setAttribute("aria-autocomplete", "list");
      field.setAttribute("aria-haspopup", "listbox");
      field.setAttribute("aria-controls", listId);
      field.setAttribute("aria-expanded", "false");
    },
    /** Show entries ({title, hint?, side?}); `first`: the first one is active at once. */
    show(title, items, pick, { first = true, none = "Nothing fits" } = {}) {
      entries = items;
      onPick = pick;
      heading.textContent = title;
      list.replaceChildren(
        ...items.map((item) =>
          h("div", { class: "suggestion", role: "option", id: freshId("suggestion") }, h("span", { class: "suggestion-words" }, h("span", { class: "suggestion-title" }, item.title), item.hint ? h("span", { class: "option-hint" }, item.hint) : null), item.side ? h("span", { class: "suggestion-side" }, item.side) : null),
        ),
      );
      if (!items.length) heading.textContent = `${title} · ${none}`;
      active = first && items.length ? 0 : -1;
      panel.hidden = false;
      list.scrollTop = 0;
      paint();
    },
    /** Show a line without entries, for instance while the bot prepares suggestions. */
    say(text) {
      entries = [];
      active = -1;
      heading.textContent = text;
      list.replaceChildren();
      panel.hidden = false;
      paint();
    },
    hide() {
      panel.hidden = true;
      active = -1;
      paint();
    },
    move(step) {
      if (panel.hidden || !entries.length) return false;
      active = active < 0 ? (step > 0 ? 0 : entries.length - 1) : (active + step + entries.length) % entries.length;
      paint();
      return true;
    },
    /** Take the active entry, as Enter or Tab do; false if no entry is active. */
    pick() {
      const entry = this.active;
      if (!entry) return false;
      onPick(entry, "key");
      return true;
    },
  };
}
