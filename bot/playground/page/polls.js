/** Polls of messages: the answers with their bars, when a poll ends, and how it ended. */

import { h } from "./dom.js";
import { emojiNode } from "./emoji.js";
import { icon } from "./icons.js";
import { shownName } from "./people.js";
import { relative } from "./time.js";

const TICK = 10000;

/** A message's poll. Pressing an answer votes for it; pressing it again takes the vote back. */
export function poll(message, session) {
  const data = message.poll;
  const counts = new Map(data.results.answer_counts.map((entry) => [entry.id, entry]));
  const total = [...counts.values()].reduce((sum, entry) => sum + entry.count, 0);
  const most = Math.max(0, ...[...counts.values()].map((entry) => entry.count));
  const mine = data.answers.map((answer) => answer.answer_id).filter((id) => counts.get(id)?.me_voted);
  const rows = data.answers.map((answer) => {
    const id = answer.answer_id;
    const count = counts.get(id)?.count ?? 0;
    const share = total ? Math.round((100 * count) / total) : 0;
    const voted = mine.includes(id);
    const won = data.ended && count > 0 && count === most;
    const people = answer.people.map((person) => shownName(session.user(person) ?? { username: "Someone" })).join(", ");
    const words = `${answer.poll_media.text}: ${votes(count)}, ${share}%${people ? `, ${people}` : ""}`;
    return h(
      "button",
      {
        type: "button", class: won ? "poll-answer is-winner" : "poll-answer", disabled: data.ended, title: people || null,
        "aria-pressed": String(voted), "aria-label": words, data: { answer: id, count, customId: `poll-${id}` },
        on: { click: () => session.vote(message, id, mine) },
      },
      h("span", { class: "poll-bar", style: { width: `${share}%` } }),
      answer.poll_media.emoji ? emojiNode(answer.poll_media.emoji) : null,
      h("span", { class: "poll-text" }, answer.poll_media.text),
      voted ? icon("check", 18) : null,
      h("span", { class: "poll-share" }, `${share}%`),
      h("span", { class: "poll-count" }, String(count)),
    );
  });
  const hint = data.ended ? "This poll has ended" : data.allow_multiselect ? "Choose one or more" : "Choose one";
  return h(
    "div",
    { class: "card poll", role: "group", "aria-label": `Poll: ${data.question.text}`, data: { poll: message.id } },
    h("h3", { class: "poll-question" }, data.question.text),
    h("p", { class: "hint" }, hint),
    rows,
    h("p", { class: "hint poll-foot" }, votes(total), " · ", ending(data, session)),
  );
}

function ending(data, session) {
  if (data.ended) return h("span", {}, data.results.is_finalized ? "Final results" : "Counting the votes…");
  return h("time", { datetime: data.expiry, data: { pollEnds: data.expiry } }, endsIn(data.expiry, session));
}

const endsIn = (expiry, session) => `ends ${relative(new Date(expiry), session.time.now())}`;

const votes = (count) => `${count} ${count === 1 ? "vote" : "votes"}`;

/** Keep what open polls say about their end current. */
export function showPollEnds(session) {
  const update = () => {
    for (const node of document.querySelectorAll("[data-poll-ends]")) node.textContent = endsIn(node.dataset.pollEnds, session);
  };
  setInterval(update, TICK);
  session.addEventListener("clock", update);
}

/** How a poll ended, from the embed of the message that tells it; `onGo()` leads to the poll. */
export function pollResult(data, onGo) {
  const found = Object.fromEntries(data.fields.map((field) => [field.name, field.value]));
  const total = Number(found.total_votes);
  const most = Number(found.victor_answer_votes);
  const winner = found.victor_answer_text;
  const emoji = found.victor_answer_emoji_name ? emojiNode({ id: found.victor_answer_emoji_id, name: found.victor_answer_emoji_name }) : null;
  const head = winner ? [emoji, winner, icon("check", 18)] : total ? "It's a tie" : "Nobody voted";
  const line = winner ? `Winning answer · ${Math.round((100 * most) / total)}%` : total ? `Several answers have ${most} of ${votes(total)}` : "There is no winner";
  return h(
    "div",
    { class: "card poll-result" },
    h("p", { class: "hint" }, "This poll has ended: ", h("b", {}, found.poll_question_text)),
    h("p", { class: "poll-winner" }, head),
    h("p", { class: "hint" }, line),
    h("div", { class: "row" }, h("button", { type: "button", class: "button button-secondary button-small", data: { customId: "view-poll" }, on: { click: onGo } }, "View poll")),
  );
}

/** A poll, or how one ended, in a line of text. */
export function spokenPoll(message) {
  if (message.poll) return `Poll: ${message.poll.question.text}`;
  const result = (message.embeds ?? []).find((item) => item.type === "poll_result");
  if (!result) return "";
  const found = Object.fromEntries(result.fields.map((field) => [field.name, field.value]));
  return `The poll “${found.poll_question_text}” has ended${found.victor_answer_text ? `: ${found.victor_answer_text}` : ""}`;
}
