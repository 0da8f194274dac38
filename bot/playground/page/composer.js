/** The message box: plain messages, and the way into slash commands. */

import { createBar } from "./commandbar.js";
import { flattened, matching, named, typedOptions } from "./commands.js";
import { byId, h } from "./dom.js";
import { icon } from "./icons.js";
import { shownName } from "./people.js";
import { createSuggestions } from "./suggestions.js";

/** Build the composer; returns `{start(name), focus()}`. `onSent` is called after each message or command is sent. */
export function createComposer(session, onSent) {
  const host = byId("composer");
  const suggestions = createSuggestions(host);
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const text = h("textarea", { id: "composer-text", rows: 1, maxlength: 2000, "aria-label": "Message", autocomplete: "off", enterkeyhint: "send" });
  const send = h("button", { type: "button", class: "icon-button send", "aria-label": "Send" }, icon("send"));
  const box = h("div", { class: "composer-box" }, text, send);
  const answered = h("span", {});
  const stop = h("button", { type: "button", class: "icon-button", "aria-label": "Stop replying", on: { click: () => session.reply(null) } }, icon("close", 16));
  const replying = h("div", { class: "replying", hidden: true }, answered, stop);
  host.append(problem, replying, box);
  let bar = null;
  let reply = null;

  const commands = () => flattened(session.usable(1));

  function complain(sentence) {
    problem.textContent = sentence;
    problem.hidden = sentence === "";
  }

  // --- plain text -------------------------------------------------------------------------------

  function looked() {
    complain("");
    const line = text.value;
    if (!line.startsWith("/") || line.includes("\n")) {
      suggestions.hide();
      return;
    }
    const all = commands();
    const found = named(all, line);
    if (found && line.length > found.command.title.length) {
      enter(found.command, found.rest);
      return;
    }
    if (!all.length) {
      suggestions.say(session.bot.online ? "There are no commands for you here" : `${shownName(session.bot.user)} is offline: no commands yet`);
      return;
    }
    const entries = matching(all, line.slice(1)).map((command) => ({ title: command.title, hint: command.description, side: command.options.filter((option) => option.required).map((option) => option.name).join(", "), command }));
    suggestions.show(shownName(session.bot.user), entries, (entry) => enter(entry.command, ""), { none: "no command fits" });
  }

  async function say() {
    const content = text.value.trim();
    if (!content) return;
    if (/^\/[\p{L}\p{N}_-]/u.test(content)) {
      complain(`There is no command ${content.split(/\s/)[0]} here. Type / to see them all.`);
      return;
    }
    text.value = "";
    const answers = reply;
    answer(null);
    try {
      await session.say(withMentions(content), answers);
      onSent();
    } catch (error) {
      text.value ||= content;
      answer(answers);
      complain(error.message);
    }
  }

  /** Show which message the next one answers; null for none. */
  function answer(message) {
    reply = message;
    replying.hidden = !message;
    if (message) answered.replaceChildren("Replying to ", h("b", {}, shownName(session.user(message.author.id) ?? message.author)));
  }

  function withMentions(content) {
    const people = [...session.members, session.bot.user];
    return content.replace(/@([\w.]{2,32})/g, (all, name) => {
      const user = people.find((one) => one.username.toLowerCase() === name.toLowerCase());
      return user ? `<@${user.id}>` : all;
    });
  }

  text.addEventListener("input", looked);
  text.addEventListener("focus", () => {
    suggestions.bind(text);
    if (text.value.startsWith("/")) looked();
  });
  text.addEventListener("blur", () => suggestions.hide());
  text.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (suggestions.isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      if (suggestions.move(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (!suggestions.pick()) say();
    } else if (event.key === "Tab" && !event.shiftKey && suggestions.active) {
      event.preventDefault();
      suggestions.pick();
    } else if (event.key === "Escape" && suggestions.isOpen) {
      event.preventDefault();
      suggestions.hide();
    } else if (event.key === "Escape" && reply) {
      event.preventDefault();
      session.reply(null);
    }
  });
  send.addEventListener("click", () => {
    if (bar) bar.submit();
    else if (!suggestions.pick()) say();
  });
  send.addEventListener("pointerdown", (event) => event.preventDefault());

  // --- a command --------------------------------------------------------------------------------

  function enter(command, rest) {
    leave("");
    bar = createBar({
      session,
      command,
      suggestions,
      onError: complain,
      onLeave: (back) => {
        leave(back);
        text.focus();
        if (back) looked();
      },
      onSent: () => {
        leave("");
        text.focus();
        onSent();
      },
    });
    text.hidden = true;
    box.insertBefore(bar.node, send);
    bar.focus();
    if (rest) bar.feed(typedOptions(command, rest));
  }

  function leave(back) {
    bar?.node.remove();
    bar = null;
    complain("");
    suggestions.hide();
    text.hidden = false;
    text.value = back;
  }

  function start(name) {
    const command = commands().find((one) => one.title === `/${name}`);
    if (command) enter(command, "");
    else {
      text.focus();
      complain(session.bot.online ? `There is no command /${name} for you here.` : `${shownName(session.bot.user)} is offline: commands come back with it.`);
    }
  }

  function focus() {
    if (bar) bar.focus();
    else text.focus();
  }

  function placed() {
    const place = session.place;
    const mute = !place || place.can_send === false;
    text.disabled = mute;
    send.disabled = mute;
    const where = place?.guild ? `#${place.name}` : `@${shownName(place?.recipient ?? session.bot.user)}`;
    text.placeholder = mute ? "You can read here, but not write" : `Message ${where}, or type /`;
    text.setAttribute("aria-label", `Message ${where}`);
  }

  session.addEventListener("place", (event) => {
    if (!event.detail.same) {
      leave("");
      answer(null);
    }
    placed();
  });
  session.addEventListener("state", () => {
    placed();
    if (!bar && document.activeElement === text && text.value.startsWith("/")) looked();
  });
  session.addEventListener("compose", focus);
  session.addEventListener("reply", (event) => {
    answer(event.detail.message);
    focus();
  });
  return { start, focus };
}
