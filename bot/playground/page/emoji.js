/** Emoji: drawing Discord's emoji objects, and the picker for reactions. */

import { h } from "./dom.js";
import { float } from "./floating.js";

const COMMON = [
  ["❤️", "loved"], ["👍", "liked"], ["😐", "fine"], ["👎", "disliked"], ["🔖", "later"], ["👀", "seen"],
  ["🍿", "popcorn"], ["🎬", "clapper"], ["⭐", "star"], ["🔥", "fire"], ["💯", "hundred"], ["🎉", "party"],
  ["😂", "joy"], ["😮", "surprised"], ["😢", "sad"], ["😱", "scream"], ["😴", "asleep"], ["🤔", "thinking"],
  ["🥹", "touched"], ["🤯", "mind blown"], ["👏", "applause"], ["🙏", "thanks"], ["✨", "sparkles"], ["💔", "broken heart"],
];

/** The text for an emoji in the server's routes for reactions. */
export const emojiKey = (emoji) => (emoji.id ? `${emoji.name}:${emoji.id}` : emoji.name);

/** An emoji as a node: the character, or the name of a server's own one. */
export function emojiNode(emoji) {
  if (emoji.id) return h("span", { class: "custom-emoji" }, `:${emoji.name}:`);
  return h("span", { class: "emoji", "aria-hidden": "true" }, emoji.name ?? "");
}

/** Let a person choose an emoji beside `anchor`; `onPick(text)`. */
export function pickEmoji(anchor, onPick) {
  const pick = (text) => {
    close("done");
    onPick(text);
  };
  const keys = COMMON.map(([text, name], at) =>
    h("button", { type: "button", class: "emoji-key", title: name, "aria-label": `${text} ${name}`, tabindex: at ? -1 : 0, on: { click: () => pick(text) } }, text),
  );
  const grid = h("div", { class: "emoji-grid", role: "group", "aria-label": "Common emoji" }, keys);
  grid.addEventListener("keydown", (event) => {
    const at = keys.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 6, ArrowUp: -6 }[event.key];
    if (at < 0 || step === undefined) return;
    event.preventDefault();
    keys[(at + step + keys.length) % keys.length].focus();
  });
  const input = h("input", { type: "text", class: "input", "aria-label": "Any other emoji", placeholder: "Any other emoji", maxlength: 64 });
  const form = h("form", { class: "emoji-other" }, input, h("button", { class: "button button-secondary button-small" }, "React"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) pick(input.value.trim());
  });
  const panel = h("div", { class: "emoji-panel", role: "dialog", "aria-label": "Add a reaction" }, grid, form);
  const close = float(anchor, panel, {
    align: "end",
    prefer: "above",
    onClose: (reason) => {
      if (reason === "escape" || reason === "done") anchor.focus?.({ preventScroll: true });
    },
  });
  keys[0].focus({ preventScroll: true });
}
