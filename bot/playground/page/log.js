/** The list of messages: drawing it, keeping it at its end, moving in it by arrow keys. */

import { byId, h } from "./dom.js";
import { icon, signOf } from "./icons.js";
import { article, reactionRow, summary, thinking } from "./message.js";
import { avatar, shownName } from "./people.js";
import { isEphemeral, isLoading } from "./session.js";
import { day } from "./time.js";

const TOGETHER = 7 * 60 * 1000;
const NEAR = 140;

/** Draw the session's messages and keep them current; `onCommand(name)` starts a command. */
export function showLog(session, onCommand) {
  const scroller = byId("scroller");
  const list = byId("messages");
  const pending = byId("pending");
  const empty = byId("empty");
  const earlier = byId("earlier");
  const newest = byId("newest");
  const announcer = byId("announcer");
  const options = { onCommand };
  let stuck = true;

  const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
  const toEnd = () => {
    stuck = true;
    scroller.scrollTop = scroller.scrollHeight;
    newest.hidden = true;
  };
  const find = (id) => list.querySelector(`article[data-message-id="${CSS.escape(id)}"]`);

  function grouped(message, before) {
    if (!before || message.poll || message.interaction_metadata || message.message_reference || isEphemeral(message) !== isEphemeral(before)) return false;
    const gap = new Date(message.timestamp) - new Date(before.timestamp);
    return before.author.id === message.author.id && gap >= 0 && gap < TOGETHER && !newDay(message, before);
  }

  function newDay(message, before) {
    return !before || new Date(message.timestamp).toDateString() !== new Date(before.timestamp).toDateString();
  }

  function append(message, before) {
    if (newDay(message, before)) {
      list.append(h("div", { class: "day", role: "separator" }, h("span", {}, day(new Date(message.timestamp), session.time.now()))));
    }
    list.append(article(message, session, { ...options, grouped: grouped(message, before) }));
  }

  function drawAll(kept) {
    const anchor = kept && find(kept);
    const offset = anchor ? anchor.getBoundingClientRect().top : 0;
    list.replaceChildren();
    let before = null;
    for (const message of session.messages.values()) {
      append(message, before);
      before = message;
    }
    list.setAttribute("aria-busy", String(session.loading));
    drawEdges();
    const again = kept && find(kept);
    if (again) scroller.scrollTop += again.getBoundingClientRect().top - offset;
    else toEnd();
  }

  function drawEdges() {
    const articles = list.querySelectorAll("article");
    articles.forEach((node, at) => node.setAttribute("tabindex", at === articles.length - 1 ? "0" : "-1"));
    earlier.hidden = !session.hasEarlier;
    const place = session.place;
    empty.hidden = Boolean(articles.length) || pending.childElementCount > 0 || !place;
    if (!empty.hidden) empty.replaceChildren(...emptyState(place, session, onCommand));
  }

  function drawOne(id, fresh) {
    const message = session.messages.get(id);
    const old = find(id);
    if (!message) return;
    if (!old) {
      const before = [...session.messages.values()].at(-2);
      append(message, before);
    } else {
      const focus = focusIn(old);
      const next = article(message, session, { ...options, grouped: old.classList.contains("is-grouped") });
      old.replaceWith(next);
      refocus(next, focus);
    }
    drawEdges();
    if (fresh && !isLoading(message)) announce(message);
    else if (old && wasLoading.delete(id) && !isLoading(message)) announce(message);
    if (isLoading(message)) wasLoading.add(id);
    follow(fresh && message.author.id === session.me.id);
  }

  const wasLoading = new Set();

  function announce(message) {
    const line = h("p", {}, `${shownName(message.author)}: ${summary(message).slice(0, 300) || "sent something"}`);
    announcer.append(line);
    while (announcer.childElementCount > 5) announcer.firstElementChild.remove();
  }

  function follow(force = false) {
    if (stuck || force) toEnd();
    else newest.hidden = atEnd();
  }

  function drawPending() {
    pending.replaceChildren(...[...session.pending.values()].filter((entry) => entry.channel === session.channelId).map(waiting));
    drawEdges();
    follow(true);
  }

  function waiting(entry) {
    const own = session.own;
    const failed = entry.state === "failed";
    const body = failed
      ? h("div", { class: "text" }, h("p", { class: "failure", role: "alert" }, entry.error ?? "The application did not respond"))
      : thinking(session.bot.user);
    return h(
      "article",
      { class: failed ? "message is-failed" : "message is-waiting", data: { pending: entry.state } },
      h("div", { class: "origin" }, icon("reply", 16), avatar(own, 18), h("span", {}, h("b", {}, shownName(own)), " used ", h("span", { class: "mention" }, entry.name))),
      avatar(session.bot.user),
      h("div", { class: "message-body" }, h("header", { class: "message-head" }, h("span", { class: "author" }, shownName(session.bot.user)), h("span", { class: "tag" }, "App")), body,
        failed ? h("p", { class: "only-you" }, icon("eye", 15), h("span", {}, "Only you can see this · "), h("button", { type: "button", class: "text-button", on: { click: () => session.dismissPending(entry.id) } }, "Dismiss message")) : null),
    );
  }

  list.addEventListener("keydown", (event) => {
    const all = [...list.querySelectorAll("article")];
    const at = all.indexOf(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at < 0 || step === undefined) return;
    event.preventDefault();
    const to = all[at + step];
    if (to) {
      all.forEach((node) => node.setAttribute("tabindex", node === to ? "0" : "-1"));
      to.focus();
    } else if (step > 0) session.tell("compose");
  });
  scroller.addEventListener("scroll", () => {
    stuck = atEnd();
    if (stuck) newest.hidden = true;
  });
  new ResizeObserver(() => stuck && toEnd()).observe(byId("log"));
  new ResizeObserver(() => stuck && toEnd()).observe(scroller);
  newest.addEventListener("click", toEnd);
  earlier.append(h("button", { type: "button", class: "button button-secondary button-small", on: { click: () => session.earlier().catch((error) => session.notice(error.message)) } }, "Show earlier messages"));

  session.addEventListener("messages", (event) => drawAll(event.detail.kept));
  session.addEventListener("place", (event) => event.detail.same && drawEdges());
  session.addEventListener("message", (event) => drawOne(event.detail.id, event.detail.fresh));
  session.addEventListener("pending", drawPending);
  session.addEventListener("gone", (event) => {
    if (event.detail.ids.some((id) => find(id)?.contains(document.activeElement))) session.tell("compose");
    drawAll([...session.messages.keys()].find((id) => stuck === false && find(id)));
  });
  session.addEventListener("reactions", (event) => {
    const { id } = event.detail;
    const row = list.querySelector(`[data-reactions="${CSS.escape(id)}"]`);
    if (!row) return;
    const emoji = row.contains(document.activeElement) ? document.activeElement.dataset.emoji : undefined;
    const next = reactionRow(session.messages.get(id), session);
    row.replaceWith(next);
    if (emoji) (next.querySelector(`[data-emoji="${CSS.escape(emoji)}"]`) ?? find(id))?.focus({ preventScroll: true });
    follow();
  });
  session.addEventListener("go", (event) => {
    const to = find(event.detail.id);
    if (!to) session.notice("That message is gone, or further up.");
    to?.scrollIntoView({ block: "center" });
    to?.focus({ preventScroll: true });
  });
  return { toEnd };
}

function focusIn(node) {
  const active = document.activeElement;
  if (!node.contains(active)) return null;
  return { customId: active.dataset.customId ?? null, self: true };
}

function refocus(node, focus) {
  if (!focus) return;
  const twin = focus.customId && node.querySelector(`[data-custom-id="${CSS.escape(focus.customId)}"]`);
  if (twin && !twin.disabled) twin.focus({ preventScroll: true });
  else node.focus({ preventScroll: true });
}

function emptyState(place, session, onCommand) {
  const direct = !place.guild;
  const title = direct ? `This is the start of your talk with ${shownName(place.recipient ?? session.bot.user)}` : `Welcome to ${signOf(place) === "hash" ? "#" : ""}${place.name}`;
  const start = session.usable(1).find((command) => command.name === "start");
  const hint = place.can_send === false
    ? h("p", {}, "You can read here, but not write.")
    : h("p", {}, "Type ", h("kbd", {}, "/"), ` to see what ${shownName(session.bot.user)} can do`, start ? [" — try ", h("button", { type: "button", class: "mention", on: { click: () => onCommand("start") } }, "/start")] : null, ".");
  return [h("div", { class: "empty-sign" }, icon(direct ? "person" : signOf(place), 30)), h("h2", {}, title), place.topic ? h("p", { class: "muted" }, place.topic) : null, hint].filter(Boolean);
}
