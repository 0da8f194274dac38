/** The bar above the messages: the open channel, whether the bot is online, light or dark. */

import { byId, h, kept } from "./dom.js";
import { icon, signOf } from "./icons.js";
import { shownName } from "./people.js";

const THEME = "matinee-playground-theme";

/** Build the header and keep it current: the channel's name, the bot's state, the connection's state. */
export function showHeader(session) {
  const status = byId("bot-status");
  const connection = byId("connection");
  const typing = byId("typing");

  function place() {
    const here = session.place;
    const name = here?.guild ? here.name : shownName(here?.recipient ?? session.bot.user);
    byId("channel-name").replaceChildren(icon(here?.guild ? signOf(here) : "person", 20), h("span", {}, here ? name : "No channel"));
    byId("channel-topic").textContent = here?.topic ?? (here?.guild ? "" : "Direct message");
    document.title = `${here?.guild ? "#" : ""}${name} · Matinee playground`;
  }

  function bot() {
    const { online, user } = session.bot;
    status.className = online ? "status is-online" : "status is-offline";
    const said = `${shownName(user)} is ${online ? "online" : "offline"}`;
    if (status.textContent !== said) status.replaceChildren(h("span", { class: "status-dot" }), h("span", { class: "status-words" }, said));
    status.title = said;
    notice();
  }

  function notice() {
    const lost = session.me && !session.linked && connection.dataset.once === "yes";
    if (session.linked) connection.dataset.once = "yes";
    const text = lost
      ? "The connection to the playground is lost. Trying again…"
      : !session.bot.online && session.me
        ? `${shownName(session.bot.user)} is offline. You can read and react; commands and buttons wait until it is back.`
        : "";
    connection.hidden = text === "";
    if (connection.textContent !== text) connection.textContent = text;
  }

  let fade = 0;
  function typed() {
    clearTimeout(fade);
    const left = session.typingUntil - Date.now();
    typing.replaceChildren(...(left > 0 ? [h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), `${shownName(session.bot.user)} is typing…`] : []));
    if (left > 0) fade = setTimeout(typed, left + 50);
  }

  session.addEventListener("place", place);
  session.addEventListener("state", place);
  session.addEventListener("bot", bot);
  session.addEventListener("link", notice);
  session.addEventListener("typing", typed);
  session.addEventListener("place", typed);
}

/** Light or dark colours: those of the operating system until the person presses the button. */
export function showTheme() {
  const button = byId("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => kept.get(THEME);

  function paint() {
    const theme = chosen();
    const dark = theme ? theme === "dark" : system.matches;
    if (theme) document.documentElement.dataset.theme = theme;
    const label = dark ? "Switch to light colours" : "Switch to dark colours";
    button.replaceChildren(icon(dark ? "sun" : "moon"));
    button.setAttribute("aria-label", label);
    button.title = label;
  }

  button.addEventListener("click", () => {
    const theme = chosen();
    const dark = theme ? theme === "dark" : system.matches;
    kept.set(THEME, dark ? "light" : "dark");
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    paint();
  });
  system.addEventListener("change", paint);
  paint();
}

/** Short notes in the corner that disappear by themselves. */
export function showToasts(session) {
  const host = byId("toasts");
  session.addEventListener("notice", (event) => {
    const { text, tone } = event.detail;
    const node = h("div", { class: `toast toast-${tone}`, role: "alert" }, h("span", {}, text));
    const close = h("button", { type: "button", class: "icon-button", "aria-label": "Close", on: { click: () => node.remove() } }, icon("close", 16));
    node.append(close);
    host.append(node);
    while (host.childElementCount > 3) host.firstElementChild.remove();
    setTimeout(() => node.remove(), 8000);
  });
}
