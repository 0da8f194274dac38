// The page of all messages: each with sample data, by the module that says it.

import { byId, debounced, h } from "./dom.js";
import { markdown } from "./markdown.js";

const CONTEXT = { user: () => null, channel: () => null, role: () => null, me: null, now: () => new Date(), onCommand: () => {} };
const ANY = "every place";

let found = { languages: [], language: "", messages: [] };

async function load(language) {
  const address = language ? `/api/wording?language=${encodeURIComponent(language)}` : "/api/wording";
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(await answer.text());
  found = await answer.json();
  options("language", found.languages, found.language);
  const places = [...new Set(found.messages.map((message) => message.place))].sort();
  options("place", [ANY, ...places], byId("place").value || ANY);
  draw();
}

function options(id, names, chosen) {
  const select = byId(id);
  select.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
  if (names.includes(chosen)) select.value = chosen;
}

function draw() {
  const place = byId("place").value;
  const wanted = byId("search").value.trim().toLowerCase();
  const shown = found.messages.filter(
    ({ place: at, text, source }) =>
      (place === ANY || at === place) && (!wanted || `${text} ${source}`.toLowerCase().includes(wanted)),
  );
  const rooms = Map.groupBy ? Map.groupBy(shown, ({ room }) => room) : grouped(shown);
  byId("messages").replaceChildren(
    ...[...rooms].map(([room, messages]) => h("section", {}, h("h2", {}, room), ...messages.map(drawn))),
  );
  byId("messages").dataset.language = found.language;
  byId("count").textContent = `${shown.length} of ${found.messages.length} shown`;
}

function grouped(messages) {
  const rooms = new Map();
  for (const message of messages) rooms.set(message.room, [...(rooms.get(message.room) ?? []), message]);
  return rooms;
}

function drawn({ place, about, text, source }) {
  const content =
    place === "text"
      ? h("div", { class: "as-text" }, markdown(text, CONTEXT))
      : h("div", {}, h("span", { class: place === "button" ? "as-button" : "as-plain" }, text));
  return h(
    "article",
    {},
    h("p", { class: "where" }, about ? `${place} · ${about}` : place),
    content,
    found.language === "en" ? null : h("p", { class: "as-source" }, source),
  );
}

byId("language").addEventListener("change", () => load(byId("language").value));
byId("place").addEventListener("change", draw);
byId("search").addEventListener("input", debounced(100, draw));
load("");
