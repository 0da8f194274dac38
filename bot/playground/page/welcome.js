/** The strip that a person sees on the first visit: three things to try. */

import { byId, h, kept } from "./dom.js";
import { icon } from "./icons.js";

const SEEN = "matinee-playground-welcomed";

/** Show the strip until it is closed; `onCommand(name)` starts a command, `onClock()` opens the clock. */
export function showWelcome({ onCommand, onClock }) {
  const host = byId("welcome");
  if (kept.get(SEEN) === "yes") return;
  const command = (name) => h("button", { type: "button", class: "mention", on: { click: () => onCommand(name) } }, `/${name}`);
  const steps = [
    [command("start"), " — tell Matinee in a minute what you like."],
    [command("recommend"), " — get a film for right now, then react ❤️ 👍 😐 👎 and ask again."],
    ["Become someone else on the left, or make it ", h("button", { type: "button", class: "mention", on: { click: onClock } }, "Friday night"), " with the clock."],
  ];
  const close = h("button", { type: "button", class: "icon-button", "aria-label": "Close the welcome" }, icon("close", 18));
  close.addEventListener("click", () => {
    kept.set(SEEN, "yes");
    host.hidden = true;
  });
  host.replaceChildren(
    h("div", { class: "welcome-head" }, h("h2", {}, "Welcome to the playground"), close),
    h("p", { class: "muted" }, "A pretend server on your own machine, with the real Matinee in it. Nothing leaves this computer."),
    h("ol", { class: "welcome-steps" }, steps.map((step) => h("li", {}, h("span", {}, step)))),
  );
  host.hidden = false;
}
