/**
 * Draws Discord's message components as page elements (type numbers as in its components reference).
 *
 * `context`: {session, message, words}; `words` is the context that `markdown.js` needs to find names.
 */

import { h, link, safeUrl } from "./dom.js";
import { emojiNode } from "./emoji.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { fileCard, picture } from "./media.js";
import { hex, shownName } from "./people.js";
import { createSelect } from "./select.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "secondary" };

const MAKERS = {
  1: (part, context) => h("div", { class: "row" }, components(part.components, context)),
  2: button,
  3: select,
  5: select,
  6: select,
  7: select,
  8: select,
  9: section,
  10: (part, context) => h("div", { class: "text" }, markdown(part.content ?? "", context.words)),
  11: (part) => thumbnail(part),
  12: gallery,
  13: (part) => fileCard({ url: part.file?.url, filename: part.name, size: part.size }),
  14: (part) => h("hr", { class: `separator${part.divider === false ? " separator-bare" : ""}${part.spacing === 2 ? " separator-wide" : ""}` }),
  17: container,
};

/** A list of components as nodes. Unknown kinds become a note that they are missing. */
export function components(parts, context) {
  return (parts ?? []).map((part) => {
    const make = MAKERS[part.type];
    if (make) return make(part, context);
    return h("p", { class: "small-print" }, `(a component of type ${part.type}, which this page cannot show)`);
  });
}

/** The text of a tree of components as one plain line, for announcements. */
export function spoken(parts) {
  const said = [];
  const walk = (part) => {
    if (part.type === 10 && part.content) said.push(part.content);
    for (const child of part.components ?? []) walk(child);
    if (part.accessory) walk(part.accessory);
  };
  (parts ?? []).forEach(walk);
  return said.join("\n");
}

/** The options of a select of members or channels. */
export function entityOptions(part, session) {
  const defaults = new Set((part.default_values ?? []).map((value) => String(value.id)));
  let found = [];
  if (part.type === 5 || part.type === 7) {
    found = [...session.members, session.bot.user].map((user) => ({ label: shownName(user), value: user.id, description: `@${user.username}` }));
  } else if (part.type === 8) {
    const guild = session.place?.guild;
    found = (guild?.channels ?? [])
      .filter((channel) => !part.channel_types?.length || part.channel_types.includes(channel.type))
      .map((channel) => ({ label: `#${channel.name}`, value: channel.id }));
  }
  return found.map((option) => ({ ...option, default: defaults.has(option.value) }));
}

function button(part, context) {
  const { session, message } = context;
  const inner = [part.emoji ? emojiNode(part.emoji) : null, part.label ? h("span", {}, part.label) : null];
  const look = `button button-${STYLES[part.style] ?? "secondary"}`;
  if (part.style === 5) {
    const href = safeUrl(part.url);
    if (!href || part.disabled) return h("button", { type: "button", class: look, disabled: true }, inner, icon("outside", 15));
    const made = link(href, [...inner.filter(Boolean), icon("outside", 15)]);
    made.className = look;
    return made;
  }
  const busy = session.busy.has(`${message.id}:${part.custom_id}`);
  return h(
    "button",
    {
      type: "button", class: look, disabled: part.disabled || !part.custom_id, "aria-busy": busy ? "true" : null,
      "aria-label": part.label ? null : (part.emoji?.name ?? "Button"), data: { customId: part.custom_id ?? "" },
      on: { click: () => session.press(message, part.custom_id) },
    },
    inner,
  );
}

function select(part, context) {
  const { session, message } = context;
  const options = part.type === 3 ? (part.options ?? []) : entityOptions(part, session);
  return createSelect({
    customId: part.custom_id,
    placeholder: part.placeholder || "Make a selection",
    options,
    min: part.min_values ?? 1,
    max: part.max_values ?? 1,
    disabled: Boolean(part.disabled),
    busy: session.busy.has(`${message.id}:${part.custom_id}`),
    selected: session.chosen.get(`${message.id}:${part.custom_id}`) ?? null,
    emojiNode,
    onCommit: (values) => session.press(message, part.custom_id, values),
  });
}

function section(part, context) {
  return h(
    "div",
    { class: part.accessory?.type === 11 ? "section section-picture" : "section" },
    h("div", { class: "section-text" }, components(part.components, context)),
    h("div", { class: "section-accessory" }, part.accessory ? components([part.accessory], context) : null),
  );
}

function thumbnail(part) {
  return h("div", { class: "thumbnail" }, picture(part.media, part.description, part.spoiler));
}

function gallery(part) {
  const items = part.items ?? [];
  const inner = items.map((item) => h("figure", {}, picture(item.media, item.description, item.spoiler)));
  return h("div", { class: `gallery gallery-${Math.min(items.length, 4)}` }, inner);
}

function container(part, context) {
  const accent = part.accent_color ?? part.accent_colour;
  const style = Number.isInteger(accent) ? { "--edge": hex(accent) } : {};
  const inner = h("div", { class: accent === null || accent === undefined ? "card" : "card card-accent", style }, components(part.components, context));
  return part.spoiler ? veiled(inner) : inner;
}

function veiled(inner) {
  const veil = h("div", { class: "veil" }, inner);
  const show = h("button", { type: "button", class: "button button-secondary veil-button" }, "Show the spoiler");
  show.addEventListener("click", () => {
    veil.classList.add("open");
    show.remove();
  });
  veil.append(show);
  return veil;
}

