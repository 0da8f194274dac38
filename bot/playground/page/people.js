/** How a person looks on the page: a name, and a coloured picture of their initials. */

import { h } from "./dom.js";

/** The name to show for a user or member. */
export const shownName = (user) => user.nick ?? user.global_name ?? user.username ?? user.name ?? "Someone";

/** Up to two letters that represent a name. */
export function initials(name) {
  const words = name.split(/[\s_.-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...word][0]).join("").toUpperCase() || "?";
}

/** The colour of a user: their own accent, or one made from the id. */
export function accentOf(user) {
  if (/^#[0-9a-f]{6}$/i.test(user.accent ?? "")) return user.accent;
  if (Number.isInteger(user.accent_color)) return hex(user.accent_color);
  let sum = 0;
  for (const char of String(user.id)) sum = (sum * 31 + char.charCodeAt(0)) % 360;
  return `hsl(${sum} 55% 38%)`;
}

/** A 24-bit number as a CSS colour. */
export const hex = (number) => `#${(number & 0xffffff).toString(16).padStart(6, "0")}`;

function inkOn(colour) {
  const match = /^#(..)(..)(..)$/.exec(colour);
  if (!match) return "#ffffff";
  const [red, green, blue] = match.slice(1).map((part) => {
    const share = parseInt(part, 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.3 ? "#14121a" : "#ffffff";
}

/** A user's picture. Screen readers skip it, because the name is always next to it. */
export function avatar(user, size = 40) {
  const colour = accentOf(user);
  const style = { "--size": `${size}px`, "--accent": colour, "--ink": inkOn(colour) };
  return h("span", { class: user.bot ? "avatar avatar-bot" : "avatar", style, "aria-hidden": "true" }, initials(shownName(user)));
}
