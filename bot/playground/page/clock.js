/** The clock in the header: it shows the local Discord's time, which is the bot's, and lets people change it. */

import { byId, freshId, h } from "./dom.js";
import { float } from "./floating.js";
import { icon } from "./icons.js";
import { shownName } from "./people.js";
import { format, localInput, zoneName } from "./time.js";

const FRIDAY = 5;
const TUESDAY = 2;

/** Keep the clock button current and let it open the panel. */
export function showClock(session) {
  const button = byId("clock");
  const face = h("span", { class: "clock-face" });
  const date = h("span", { class: "clock-date" });
  const hour = h("span", { class: "clock-hour" });
  face.append(date, hour);
  button.append(icon("clock", 18), face);
  let close = null;
  let shownAt = "";

  function tick() {
    const now = session.time.now();
    date.textContent = format(now, { weekday: "short", day: "numeric", month: "short" });
    hour.textContent = format(now, { timeStyle: "short" });
    const state = `${date.textContent} ${hour.textContent} ${session.time.real}`;
    if (state === shownAt) return;
    shownAt = state;
    const full = format(now, { weekday: "long", year: "numeric", month: "long", day: "numeric", hour: "numeric", minute: "2-digit" });
    button.classList.toggle("is-pretend", !session.time.real);
    button.setAttribute("aria-label", `Clock: ${full}${session.time.real ? "" : ", pretend"}. Change it`);
    button.title = session.time.real ? "The real time. Press to pretend another." : "A pretend time. Press to change it.";
  }

  function open() {
    const inputId = freshId("clock-input");
    const titleId = freshId("clock-title");
    const now = session.time.now();
    const full = h("p", { class: "clock-now" }, format(now, { weekday: "long", day: "numeric", month: "long", year: "numeric" }), h("b", {}, format(now, { timeStyle: "short" })));
    const input = h("input", { type: "datetime-local", id: inputId, class: "input", required: true, min: "2015-01-03T00:00", max: "2113-12-31T00:00" });
    input.value = localInput(now);
    const change = async (body) => {
      close?.("done");
      await session.setClock(body);
    };
    const quick = (label, body) => h("button", { type: "button", class: "button button-secondary button-small", on: { click: () => change(body()) } }, label);
    const form = h("form", { class: "clock-form" }, h("label", { class: "overline", for: inputId }, "Pretend it is"), h("div", { class: "row" }, input, h("button", { class: "button button-primary button-small" }, "Set")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const wanted = new Date(input.value);
      if (Number.isNaN(wanted.getTime())) input.focus();
      else change({ now: wanted.toISOString() });
    });
    const panel = h(
      "div",
      { class: "clock-panel", role: "dialog", "aria-labelledby": titleId },
      h("h2", { id: titleId }, session.time.real ? "The real time" : "A pretend time"),
      full,
      h("p", { class: "hint" }, `${shownName(session.bot.user)} goes by this clock, so you can see what a Friday night does to its picks. Shown in your time zone (${zoneName(now)}).`),
      form,
      h("div", { class: "clock-quick" },
        quick("+1 hour", () => ({ advance: 3600 })),
        quick("+1 day", () => ({ advance: 86400 })),
        quick(`Friday ${format(session.time.next(FRIDAY, 22), { timeStyle: "short" })}`, () => ({ now: session.time.next(FRIDAY, 22).toISOString() })),
        quick(`Tuesday ${format(session.time.next(TUESDAY, 8), { timeStyle: "short" })}`, () => ({ now: session.time.next(TUESDAY, 8).toISOString() })),
      ),
      h("button", { type: "button", class: "button button-secondary clock-real", disabled: session.time.real, on: { click: () => change({ real: true }) } }, "Back to real time"),
    );
    button.setAttribute("aria-expanded", "true");
    close = float(button, panel, {
      align: "end",
      onClose: (reason) => {
        close = null;
        button.setAttribute("aria-expanded", "false");
        if (reason !== "outside") button.focus();
      },
    });
    input.focus({ preventScroll: true });
  }

  button.addEventListener("click", () => (close ? close("done") : open()));
  session.addEventListener("clock", tick);
  setInterval(tick, 1000);
}
