/** The panel of bad days: Discord out of reach, lost answers, and what a server's owner could set. */

import { api } from "./api.js";
import { byId, freshId, h } from "./dom.js";
import { float } from "./floating.js";
import { icon } from "./icons.js";
import { shownName } from "./people.js";

const AWAY_SECONDS = 10;
const TIME_OUT_MINUTES = 10;

/** Let the button in the header open the panel. */
export function showTrouble(session) {
  const button = byId("trouble");
  button.append(icon("bolt"));
  let close = null;

  async function open() {
    const [faults, settings] = await Promise.all([ask(() => api.faults(session.me.id)), ask(() => api.settings(session.me.id, session.channelId))]);
    if (!faults || !settings) return;
    const titleId = freshId("trouble-title");
    const discord = h("section", { class: "trouble-part" });
    const place = h("section", { class: "trouble-part" });
    const panel = h(
      "div",
      { class: "trouble-panel", role: "dialog", "aria-labelledby": titleId },
      h("h2", { id: titleId }, "Bad days"),
      h("p", { class: "hint" }, `See how ${shownName(session.bot.user)} bears it when something goes wrong.`),
      discord,
      place,
    );
    const drawFaults = (state) => discord.replaceChildren(...discordPart(state, async (body) => {
      const next = await ask(() => api.fault({ as: session.me.id, ...body }));
      if (next) drawFaults(next);
    }));
    const here = () => ({ as: session.me.id, channel: session.channelId });
    const drawSettings = (state) => place.replaceChildren(...placePart(state, session, async (body) => {
      const next = await ask(() => (body.do ? api.guild({ ...here(), ...body }).then(() => api.settings(session.me.id, session.channelId)) : api.setting({ ...here(), ...body })));
      if (next) drawSettings(next);
    }));
    drawFaults(faults);
    drawSettings(settings);
    button.setAttribute("aria-expanded", "true");
    close = float(button, panel, {
      align: "end",
      onClose: (reason) => {
        close = null;
        button.setAttribute("aria-expanded", "false");
        if (reason !== "outside") button.focus();
      },
    });
    panel.querySelector("button")?.focus({ preventScroll: true });
  }

  async function ask(call) {
    try {
      return await call();
    } catch (error) {
      session.notice(error.message);
      return null;
    }
  }

  button.addEventListener("click", () => (close ? close("done") : open()));
}

function small(label, act, { pressed = null } = {}) {
  return h("button", { type: "button", class: "button button-secondary button-small", "aria-pressed": pressed, on: { click: act } }, label);
}

function choice(label, options) {
  const id = freshId("trouble-choice");
  const list = h("select", { class: "input", id }, options.map((option) => h("option", { value: option }, String(option))));
  return { list, row: h("label", { class: "trouble-choice", for: id }, h("span", {}, label), list) };
}

function discordPart(state, act) {
  const codes = choice("Close code", state.codes);
  const request = choice("It happens to", state.requests);
  const next = (kind, more = {}) => act({ act: kind, request: request.list.value, ...more });
  const words = state.waiting ? `${state.waiting} still to come` : "nothing ordered";
  return [
    h("h3", { class: "overline" }, "Discord is out of reach"),
    h("div", { class: "trouble-row" },
      small(`Gateway, ${AWAY_SECONDS} s`, () => act({ act: "down", places: ["gateway"], seconds: AWAY_SECONDS })),
      small(`Both, ${AWAY_SECONDS} s`, () => act({ act: "down", seconds: AWAY_SECONDS })),
      small("REST, until I say", () => act({ act: "down", places: ["rest"] }), { pressed: String(state.rest) }),
      small("Gateway, until I say", () => act({ act: "down", places: ["gateway"] }), { pressed: String(state.gateway) }),
    ),
    h("h3", { class: "overline" }, "The session"),
    h("div", { class: "trouble-row" },
      small("End it (op 9)", () => act({ act: "invalidate" })),
      small("Ask to reconnect (op 7)", () => act({ act: "reconnect" })),
      small("Cut the line", () => act({ act: "close" })),
      small("Close with the code", () => act({ act: "close", code: codes.list.value })),
    ),
    codes.row,
    h("h3", { class: "overline" }, `The next request (${words})`),
    request.row,
    h("div", { class: "trouble-row" },
      small("Break it", () => next("cut")),
      small("Do it, lose the answer", () => next("lose")),
      ...state.pages.map((status) => small(`Cloudflare ${status}`, () => next("page", { status }))),
    ),
    small("Let everything go right", () => act({ act: "clear" })),
  ];
}

function placePart(state, session, act) {
  const installed = h("label", { class: "trouble-check" }, box(state.installed, (on) => act({ act: "install", on })), `${shownName(session.own)} has installed the bot for themselves`);
  if (!state.guild) return [h("h3", { class: "overline" }, "This member"), installed];
  const seconds = h("input", { class: "input", type: "number", min: 0, max: 21600, value: state.slow_seconds, "aria-label": "Slow mode in seconds" });
  const words = h("input", { class: "input", value: state.blocked_words.join(" "), "aria-label": "Words that AutoMod blocks" });
  const thread = state.thread ? (state.thread.archived ? "Take the thread out of the archive" : "Archive this thread") : state.forum ? "Begin a post" : "Begin a thread";
  return [
    h("h3", { class: "overline" }, `Permissions here, in ${state.guild}`),
    h("table", { class: "trouble-table" },
      h("thead", {}, h("tr", {}, h("th", {}, ""), h("th", { scope: "col" }, shownName(session.bot.user)), h("th", { scope: "col" }, shownName(session.own)))),
      h("tbody", {}, Object.keys(state.permissions.bot).map((name) =>
        h("tr", {}, h("th", { scope: "row" }, name), ["bot", "me"].map((who) =>
          h("td", {}, box(state.permissions[who][name], (on) => act({ act: "permission", who, name, on }), `${name}: ${who === "bot" ? shownName(session.bot.user) : shownName(session.own)}`)))))),
    ),
    h("h3", { class: "overline" }, "This server"),
    h("div", { class: "trouble-row" },
      small(state.available ? "Hide it in an outage" : "End its outage", () => act({ do: state.available ? "hide" : "show", guild: state.guild_id })),
      small(state.has_bot ? `Kick ${shownName(session.bot.user)}` : `Invite ${shownName(session.bot.user)}`, () => act({ do: state.has_bot ? "kick" : "invite", guild: state.guild_id })),
    ),
    h("h3", { class: "overline" }, "This channel"),
    h("div", { class: "trouble-row" }, seconds, small("Slow mode (s)", () => act({ act: "slow", seconds: seconds.value }))),
    h("div", { class: "trouble-row" }, words, small("Block words", () => act({ act: "words", words: words.value }))),
    h("div", { class: "trouble-row" },
      small(thread, () => act({ act: "thread" })),
      small("Add a forum", () => act({ act: "forum" })),
      small(state.timed_out ? "End my time-out" : `Time me out, ${TIME_OUT_MINUTES} min`, () => act({ act: "time-out", minutes: state.timed_out ? 0 : TIME_OUT_MINUTES })),
    ),
    installed,
  ];
}

function box(on, change, label = null) {
  const input = h("input", { type: "checkbox", "aria-label": label, on: { change: () => change(input.checked) } });
  input.checked = on;
  return input;
}
