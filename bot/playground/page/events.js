/** The scheduled events of a server: when and where, who is interested, and what managers can do. */

import { freshId, h } from "./dom.js";
import { icon } from "./icons.js";
import { shownName } from "./people.js";
import { beside, format, relative } from "./time.js";

const ACTIVE = 2;

/** Prepare the dialog with the events. Returns a function that opens it for a server. */
export function showEvents(session) {
  let dialog = null;
  let shown = null;

  function draw() {
    const guild = session.guilds.find((one) => one.id === shown);
    if (!guild) {
      dialog.close();
      return;
    }
    const focus = document.activeElement?.dataset?.act;
    const body = dialog.querySelector(".modal-body");
    body.replaceChildren(...(guild.events.length ? guild.events.map((event) => card(event, session)) : [h("p", { class: "muted" }, "Nothing is scheduled.")]));
    if (focus && !dialog.contains(document.activeElement)) (body.querySelector(`[data-act="${CSS.escape(focus)}"]`) ?? dialog.querySelector("button")).focus();
  }

  session.addEventListener("state", () => dialog && draw());
  session.addEventListener("clock", () => dialog && draw());

  return (guildId, back) => {
    shown = guildId;
    const titleId = freshId("events-title");
    dialog = h(
      "dialog",
      { class: "modal", "aria-labelledby": titleId },
      h("div", { class: "modal-head" }, h("div", {}, h("h2", { id: titleId }, "Events")), h("button", { type: "button", class: "icon-button", "aria-label": "Close the events", on: { click: () => dialog.close() } }, icon("close"))),
      h("div", { class: "modal-body" }),
    );
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      dialog = null;
      back();
    });
    document.body.append(dialog);
    dialog.showModal();
    draw();
  };
}

function card(event, session) {
  const start = new Date(event.scheduled_start_time);
  const now = session.time.now();
  const active = event.status === ACTIVE;
  const place = event.entity_metadata?.location ?? session.places().find((one) => one.id === event.channel_id)?.name ?? "";
  const end = event.scheduled_end_time ? ` to ${ends(new Date(event.scheduled_end_time), start)}` : "";
  const people = event.people.map((id) => shownName(session.user(id) ?? { username: "Someone" })).join(", ");
  const act = (label, todo, look = "button-secondary", pressed = null) =>
    h("button", { type: "button", class: `button ${look} button-small`, "aria-pressed": pressed, data: { act: `${event.id}-${todo}` }, on: { click: () => session.event(event, todo) } }, label);
  return h(
    "article",
    { class: "card event", data: { event: event.id, status: event.status } },
    h("p", { class: active ? "event-when is-active" : "event-when" }, active ? "Happening now" : `${beside(start, now)}${end} · ${relative(start, now)}`),
    h("h3", { class: "event-name" }, event.name),
    event.description ? h("p", { class: "event-text" }, event.description) : null,
    h("p", { class: "hint event-place" }, icon(event.channel_id ? "speaker" : "pin", 18), h("span", {}, place)),
    h("p", { class: "hint" }, `${event.user_count} interested`, people ? `: ${people}` : ""),
    h(
      "div",
      { class: "row" },
      h("button", { type: "button", class: "button button-secondary button-small", "aria-pressed": String(event.me), data: { act: `${event.id}-interest` }, on: { click: () => session.event(event, event.me ? "uninterested" : "interested") } }, icon(event.me ? "check" : "bell", 18), "Interested"),
      event.can_manage ? (active ? act("End event", "end") : [act("Start event", "start"), act("Cancel event", "cancel")]) : null,
    ),
  );
}

const ends = (end, start) => (end.toDateString() === start.toDateString() ? format(end, { timeStyle: "short" }) : format(end, { dateStyle: "medium", timeStyle: "short" }));
