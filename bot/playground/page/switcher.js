/** Ctrl+K: type a few letters of a channel's name to go there. */

import { freshId, h } from "./dom.js";
import { icon, signOf } from "./icons.js";
import { avatar, shownName } from "./people.js";

/** Listen for Ctrl+K (⌘K on a Mac); `onPlace(id)` opens a channel. */
export function showSwitcher(session, onPlace) {
  let dialog = null;

  function places(typed) {
    const wanted = typed.trim().toLowerCase();
    return session
      .places()
      .map((place) => ({ place, name: place.guild ? place.name : shownName(place.recipient ?? session.bot.user) }))
      .filter(({ place, name }) => `${name} ${place.guild?.name ?? ""}`.toLowerCase().includes(wanted))
      .sort((one, other) => other.name.toLowerCase().startsWith(wanted) - one.name.toLowerCase().startsWith(wanted));
  }

  function open() {
    const listId = freshId("switcher");
    let found = [];
    let active = 0;
    const input = h("input", { class: "input", type: "text", placeholder: "Where would you like to go?", "aria-label": "Where would you like to go?", role: "combobox", "aria-expanded": "true", "aria-controls": listId, autocomplete: "off", spellcheck: "false" });
    const list = h("div", { class: "switcher-list", role: "listbox", id: listId, "aria-label": "Channels" });
    dialog = h("dialog", { class: "modal switcher", "aria-label": "Go to a channel" }, h("div", { class: "switcher-box" }, input), list);

    function draw() {
      list.replaceChildren(
        ...found.map(({ place, name }, at) =>
          h(
            "button",
            { type: "button", class: "place", role: "option", id: `${listId}-${at}`, tabindex: -1, "aria-selected": String(at === active), "aria-current": at === active ? "true" : null, on: { click: () => go(place.id) } },
            place.guild ? icon(signOf(place), 18) : avatar(place.recipient ?? session.bot.user, 24),
            h("span", { class: "place-name" }, name),
            place.guild ? h("span", { class: "hint" }, place.guild.name) : null,
          ),
        ),
      );
      if (!found.length) list.append(h("p", { class: "switcher-none" }, "No channel has that in its name."));
      input.setAttribute("aria-activedescendant", found.length ? `${listId}-${active}` : "");
      list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    }

    function look() {
      found = places(input.value);
      active = 0;
      draw();
    }

    function go(id) {
      dialog.close();
      onPlace(id);
    }

    input.addEventListener("input", look);
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && found.length) {
        event.preventDefault();
        active = (active + step + found.length) % found.length;
        draw();
      } else if (event.key === "Enter" && found.length) {
        event.preventDefault();
        go(found[active].place.id);
      }
    });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      dialog = null;
    });
    document.body.append(dialog);
    dialog.showModal();
    look();
    input.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (dialog) dialog.close();
    else if (session.me && !document.querySelector("dialog[open]")) open();
  });
}
