/** One message as an article: who, when, what, its reactions and what can be done with it. */

import { components, spoken } from "./components.js";
import { h } from "./dom.js";
import { embed } from "./embeds.js";
import { emojiKey, emojiNode, pickEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { markdown, plain } from "./markdown.js";
import { attachments, localMedia } from "./media.js";
import { openMenu } from "./menu.js";
import { avatar, shownName } from "./people.js";
import { poll, pollResult, spokenPoll } from "./polls.js";
import { isEphemeral, isLoading } from "./session.js";
import { beside, format } from "./time.js";

const COMMAND_REPLIES = new Set([20, 23]);
const MOST_NAMES = 10;

/** Draw a message. `grouped`: it follows another of the same author and needs no head. */
export function article(message, session, { grouped = false, onCommand }) {
  const words = session.words(onCommand);
  const context = { session, message, words };
  const when = new Date(message.timestamp);
  const ephemeral = isEphemeral(message);
  const nameId = `name-${message.id}`;
  const look = ["message", grouped && "is-grouped", ephemeral && "is-ephemeral", mentionsMe(message, session) && "is-mention"];
  const head = h(
    "header",
    { class: grouped ? "unseen" : "message-head" },
    h("button", { type: "button", class: "author", id: nameId, on: { click: (event) => userMenu(event.currentTarget, message.author, session) } }, shownName(message.author)),
    message.author.bot ? h("span", { class: "tag" }, "App") : null,
    h("time", { datetime: message.timestamp, title: format(when, { dateStyle: "full", timeStyle: "short" }) }, beside(when, session.time.now())),
  );
  const node = h(
    "article",
    {
      class: look.filter(Boolean).join(" "), tabindex: -1, "aria-labelledby": nameId,
      data: { messageId: message.id, authorId: message.author.id, ephemeral: String(ephemeral), ...(message.interaction_metadata && { interaction: message.interaction_metadata.id }) },
    },
    origin(message, session),
    grouped ? h("span", { class: "when", "aria-hidden": "true" }, format(when, { timeStyle: "short" })) : avatar(session.user(message.author.id) ?? message.author),
    h(
      "div",
      { class: "message-body" },
      head,
      isLoading(message) ? thinking(message.author) : contents(message, context),
      reactionRow(message, session),
      failure(message, session),
      ephemeral ? h("p", { class: "only-you" }, icon("eye", 15), h("span", {}, "Only you can see this · "), h("button", { type: "button", class: "text-button", on: { click: () => session.dismiss(message) } }, "Dismiss message")) : null,
    ),
    tools(message, session),
  );
  node.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, input, textarea") || String(getSelection()) !== "") return;
    event.preventDefault();
    const keyboard = event.clientX === 0 && event.clientY === 0;
    messageMenu(keyboard ? node : { x: event.clientX, y: event.clientY }, message, session, node);
  });
  return node;
}

const isUsual = (item) => item.type !== "poll_result";

/** The text of a message in one line. */
export function summary(message) {
  const embeds = (message.embeds ?? []).filter(isUsual).map((item) => [item.title, item.description].filter(Boolean).join("\n"));
  return plain([message.content, spokenPoll(message), ...embeds, spoken(message.components)].filter(Boolean).join("\n"));
}

/** "Matinee is thinking" with its dots. */
export function thinking(user) {
  return h("p", { class: "thinking" }, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), `${shownName(user)} is thinking…`);
}

/** The row of reactions; empty if there are no reactions. */
export function reactionRow(message, session) {
  const row = h("div", { class: "reactions", data: { reactions: message.id } });
  if (isEphemeral(message)) return row;
  for (const reaction of message.reactions ?? []) {
    const name = emojiKey(reaction.emoji);
    const supers = reaction.count_details?.burst ?? 0;
    const label = `${reaction.emoji.name} ${reaction.count} ${reaction.count === 1 ? "reaction" : "reactions"}${supers ? `, ${supers} super` : ""}`;
    const people = namesOf(reaction, session);
    const press = (event) => session.react(message, name, !(event.shiftKey ? reaction.me_burst : reaction.me), event.shiftKey);
    row.append(
      h("button", { type: "button", class: supers ? "reaction is-super" : "reaction", "aria-pressed": String(Boolean(reaction.me || reaction.me_burst)), "aria-label": people ? `${label}: ${people}` : label, data: { emoji: reaction.emoji.name, count: reaction.count, ...(people && { people }) }, on: { click: press } }, emojiNode(reaction.emoji), h("span", { class: "reaction-count" }, String(reaction.count))),
    );
  }
  if (row.childElementCount) {
    const add = h("button", { type: "button", class: "reaction reaction-add", "aria-label": "Add a reaction" }, icon("smile", 18));
    add.addEventListener("click", () => pickEmoji(add, (text) => session.react(message, text, true)));
    row.append(add);
  }
  return row;
}

/** Who reacted, as one text: "Mira, June and 3 others". */
function namesOf(reaction, session) {
  const names = (reaction.people ?? []).map((id) => shownName(session.user(id) ?? { username: "Someone" }));
  const first = names.slice(0, MOST_NAMES);
  const more = names.length - first.length;
  if (more) return `${first.join(", ")} and ${more} ${more === 1 ? "other" : "others"}`;
  return first.length > 1 ? `${first.slice(0, -1).join(", ")} and ${first.at(-1)}` : (first[0] ?? "");
}

function mentionsMe(message, session) {
  return message.author.id !== session.me.id && (message.mentions ?? []).some((user) => user.id === session.me.id);
}

function origin(message, session) {
  const metadata = message.interaction_metadata;
  const name = message.interaction?.name ?? metadata?.name ?? metadata?.triggering_interaction_metadata?.name;
  if (name && COMMAND_REPLIES.has(message.type)) {
    const user = session.user(metadata.user.id) ?? metadata.user;
    const shown = message.type === 20 ? `/${name}` : name;
    return h("div", { class: "origin" }, icon("reply", 16), avatar(user, 18), h("span", {}, h("b", {}, shownName(user)), " used ", h("span", { class: "mention" }, shown)));
  }
  const answered = message.referenced_message;
  if (answered) {
    const user = session.user(answered.author.id) ?? answered.author;
    const text = summary(answered) || "a message";
    return h("div", { class: "origin" }, icon("reply", 16), avatar(user, 18), h("span", { class: "origin-text" }, h("b", {}, shownName(user)), " ", text.slice(0, 140)));
  }
  if (message.message_reference && answered === null) {
    return h("div", { class: "origin" }, icon("reply", 16), h("span", {}, h("em", {}, "The original message was deleted")));
  }
  return null;
}

function contents(message, context) {
  const parts = [];
  if (message.content) {
    const edited = message.edited_timestamp ? h("span", { class: "edited" }, "(edited)") : null;
    parts.push(h("div", { class: "text" }, markdown(message.content, context.words), edited));
  }
  const used = usedMedia(message);
  parts.push(...attachments(message.attachments ?? [], used));
  if (message.poll) parts.push(poll(message, context.session));
  for (const data of message.embeds ?? []) parts.push(isUsual(data) ? embed(data, context.words) : pollResult(data, () => context.session.tell("go", { id: message.message_reference?.message_id })));
  if (message.components?.length) parts.push(h("div", { class: "components" }, components(message.components, context)));
  return parts;
}

function usedMedia(message) {
  const used = new Set();
  const walk = (value) => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (value && typeof value === "object") {
      if (typeof value.url === "string") used.add(localMedia(value.url));
      Object.values(value).forEach(walk);
    }
  };
  walk(message.embeds ?? []);
  walk(message.components ?? []);
  return used;
}

function failure(message, session) {
  const text = session.failures.get(message.id);
  return text ? h("p", { class: "failure", role: "alert" }, "This interaction failed. ", text, /[.!?]$/.test(text) ? "" : ".") : null;
}

function tools(message, session) {
  const react = h("button", { type: "button", class: "tool", "aria-label": "Add a reaction", title: "Add a reaction" }, icon("smile", 18));
  react.addEventListener("click", () => pickEmoji(react, (text) => session.react(message, text, true)));
  const more = h("button", { type: "button", class: "tool", "aria-label": "More actions", title: "More actions", "aria-haspopup": "menu" }, icon("more", 18));
  more.addEventListener("click", () => messageMenu(more, message, session, more));
  if (isEphemeral(message)) return h("div", { class: "tools" }, more);
  const reply = h("button", { type: "button", class: "tool", "aria-label": "Reply", title: "Reply", on: { click: () => session.reply(message) } }, icon("reply", 18));
  return h("div", { class: "tools" }, react, session.place?.can_send === false ? null : reply, more);
}

function messageMenu(anchor, message, session, back) {
  const ephemeral = isEphemeral(message);
  const manager = Boolean(session.place?.can_manage) && Boolean(session.place?.guild);
  const items = [];
  if (!ephemeral) {
    const react = () => pickEmoji(back, (text) => session.react(message, text, true));
    items.push({ label: "Add a reaction…", act: react });
    if (session.place?.can_send !== false) items.push({ label: "Reply", act: () => session.reply(message) });
  }
  const apps = session.usable(3);
  if (apps.length && !ephemeral) {
    items.push(null, { heading: "Apps" });
    for (const command of apps) items.push({ label: command.name, act: () => use(session, command, message.id) });
  }
  items.push(null, { label: "Copy message ID", act: () => navigator.clipboard?.writeText(message.id) });
  if (ephemeral) items.push({ label: "Dismiss message", act: () => session.dismiss(message) });
  if (!ephemeral && manager && message.reactions?.length) {
    items.push(null);
    for (const { emoji } of message.reactions) {
      items.push({ label: `Remove all ${emoji.name}`, danger: true, act: () => session.clearReactions(message, emojiKey(emoji)) });
    }
    items.push({ label: "Remove all reactions", danger: true, act: () => session.clearReactions(message) });
  }
  if (message.poll && !message.poll.ended && message.author.id === session.me.id) items.push({ label: "End poll now", act: () => session.endPoll(message) });
  if (!ephemeral && (manager || message.author.id === session.me.id)) {
    items.push(null, { label: "Delete message", danger: true, act: () => session.remove(message) });
  }
  openMenu(anchor, items[0] === null ? items.slice(1) : items, { label: "Message actions", back });
}

/** What can be done with a user: run the bot's user commands, and copy the user's id. */
export function userMenu(anchor, user, session) {
  const items = [{ heading: shownName(user) }];
  for (const command of session.usable(2)) items.push({ label: command.name, act: () => use(session, command, user.id) });
  items.push({ label: "Copy user ID", act: () => navigator.clipboard?.writeText(user.id) });
  openMenu(anchor, items, { label: `${shownName(user)}: actions`, back: anchor });
}

async function use(session, command, target) {
  try {
    await session.command(command.name, { type: command.type, target });
  } catch (error) {
    session.notice(error.message);
  }
}
