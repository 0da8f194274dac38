/** The bar in which a person fills in a slash command: its name, a field for each option, and a place to add options. */

import { fixedChoices, filtered, kindWord, KIND, packed, typedOptions, valueOf } from "./commands.js";
import { debounced, freshId, h } from "./dom.js";
import { createFileChooser } from "./files.js";
import { icon } from "./icons.js";

const ASK_AFTER = 160;

/**
 * Make the bar of one command.
 *
 * `suggestions`: the list above the composer. `onError(text)` is called to show a problem, with "" if
 * nothing is wrong. `onLeave(text)` is called when the person leaves the command; the composer then
 * shows `text`. `onSent()` is called when the server has accepted the command.
 */
export function createBar({ session, command, suggestions, onError, onLeave, onSent }) {
  const fields = [];
  const tail = h("input", { type: "text", class: "tail", "aria-label": "Add an option, or press Enter to send", autocomplete: "off", spellcheck: "false" });
  const node = h("div", { class: "bar-fields", role: "group", "aria-label": command.title }, h("span", { class: "command-chip" }, command.title), tail);
  let sending = false;

  const remaining = () => command.options.filter((option) => !fields.some((field) => field.option === option));
  const optionNamed = (name) => command.options.find((option) => option.name.toLowerCase() === name);
  const fieldOf = (option) => fields.find((field) => field.option === option);

  // --- fields -----------------------------------------------------------------------------------

  function addField(option) {
    const standing = fieldOf(option);
    if (standing) return standing;
    const numeric = option.type === KIND.integer || option.type === KIND.number;
    const id = freshId("option-field");
    const hintId = freshId("option-hint");
    const input = h("input", { type: "text", id, autocomplete: "off", spellcheck: "false", inputmode: numeric ? "decimal" : "text", placeholder: kindWord(option), "aria-describedby": hintId, "aria-required": option.required ? "true" : null, readonly: option.type === KIND.attachment, size: 8 });
    const chooser = option.type === KIND.attachment ? fileChooser(option) : null;
    const remove = option.required ? null : h("button", { type: "button", class: "field-remove", "aria-label": `Remove ${option.name}`, tabindex: -1 }, icon("close", 13));
    const box = h("span", { class: "field-chip", data: { option: option.name } }, h("label", { for: id }, option.name, option.required ? h("span", { class: "needed", "aria-hidden": "true" }, "*") : null), input, chooser?.node, remove, h("span", { class: "unseen", id: hintId }, option.description));
    const field = { option, input, box, chooser, picked: null, asked: 0, settled: true };
    field.ask = debounced(ASK_AFTER, () => askBot(field));
    fields.push(field);
    node.insertBefore(box, tail);
    remove?.addEventListener("click", () => drop(field));
    input.addEventListener("input", () => typed(field));
    input.addEventListener("focus", () => focused(field));
    input.addEventListener("blur", () => left(field));
    input.addEventListener("keydown", (event) => fieldKey(event, field));
    paintTail();
    return field;
  }

  function fileChooser(option) {
    return createFileChooser(option.name, {
      upload: (filename, content) => session.upload(filename, content),
      onChosen: ({ id, filename }) => {
        onError("");
        take(fieldOf(option), { name: filename, value: id });
      },
      onError,
    });
  }

  function setText(field, text, picked = null) {
    field.input.value = text;
    field.picked = picked;
    field.box.classList.toggle("is-picked", Boolean(picked));
    field.input.size = Math.min(34, Math.max(text.length + 1, field.input.value ? 3 : field.input.placeholder.length || 4));
    field.box.classList.remove("is-wrong");
    field.input.removeAttribute("aria-invalid");
  }

  function settle(field, settled) {
    field.settled = settled;
    field.box.dataset.settled = String(settled);
  }

  function drop(field) {
    field.ask.cancel();
    fields.splice(fields.indexOf(field), 1);
    field.box.remove();
    onError("");
    paintTail();
    tail.focus();
  }

  function typed(field) {
    onError("");
    const text = field.input.value;
    const parts = typedOptions(command, text);
    const own = field.option.name.toLowerCase();
    if (parts.some((part) => part.name)) {
      const mine = parts.filter((part) => !part.name || part.name === own);
      const others = parts.filter((part) => part.name && part.name !== own);
      setText(field, mine.map((part) => part.text).join(" "));
      if (others.length) {
        resolveTyped(field);
        feed(others);
        return;
      }
    } else setText(field, text);
    suggest(field);
  }

  /** If the person leaves a field whose text is exactly the name of a choice, that choice is taken. */
  function resolveTyped(field) {
    const choices = fixedChoices(field.option, session);
    const text = field.input.value.trim();
    if (field.picked || !choices || !text) return;
    const fits = filtered(choices, text);
    const exact = fits.find((choice) => choice.name.toLowerCase() === text.toLowerCase());
    const only = exact ?? (fits.length === 1 ? fits[0] : null);
    if (only) setText(field, only.name, only);
  }

  function focused(field) {
    suggestions.bind(field.input);
    field.box.classList.add("is-focused");
    suggest(field);
  }

  function left(field) {
    field.box.classList.remove("is-focused");
    resolveTyped(field);
    suggestions.hide();
  }

  function suggest(field) {
    const { option } = field;
    const title = `${option.name} · ${option.description || kindWord(option)}`;
    if (field.picked) {
      suggestions.hide();
      settle(field, true);
      return;
    }
    const choices = fixedChoices(option, session);
    if (choices) {
      const fits = filtered(choices, field.input.value).map((choice) => ({ title: choice.name, hint: choice.hint, choice }));
      suggestions.show(title, fits, (entry) => take(field, entry.choice));
      settle(field, true);
    } else if (option.autocomplete) {
      settle(field, false);
      field.asked += 1; // an answer about earlier text is no longer wanted
      if (!suggestions.isOpen) suggestions.say(`${title} · searching…`);
      field.ask();
    } else {
      suggestions.say(title + limits(option));
      settle(field, true);
    }
  }

  /** No suggestions come after the person has closed them. */
  function stopAsking(field) {
    field.ask.cancel();
    field.asked += 1;
    settle(field, true);
  }

  async function askBot(field) {
    field.asked += 1;
    const asked = field.asked;
    const text = field.input.value;
    const title = field.option.description || field.option.name;
    const others = fields.flatMap((other) => {
      if (other === field || (!other.input.value.trim() && !other.picked)) return [];
      const { value } = read(other);
      return value === undefined ? [] : [{ name: other.option.name, type: other.option.type, value }];
    });
    const focus = { name: field.option.name, type: field.option.type, value: text, focused: true };
    let answer;
    try {
      answer = await session.autocomplete(command.path[0], packed(command, [...others, focus]));
    } catch (error) {
      answer = { error: error.message };
    }
    if (asked !== field.asked || document.activeElement !== field.input || field.picked) return;
    settle(field, true);
    if (answer.error) {
      suggestions.say(`Suggestions failed: ${answer.error}`);
      return;
    }
    const entries = answer.choices.map((choice) => ({ title: choice.name, choice }));
    suggestions.show(title, entries, (entry) => take(field, entry.choice), { first: text.trim() !== "", none: text.trim() ? "nothing fits; what you typed is sent as it stands" : "start typing" });
  }

  function take(field, choice) {
    setText(field, choice.name, choice);
    suggestions.hide();
    onward();
  }

  /** Moves the focus to the next empty required field, or to the end if there is no such field. */
  function onward() {
    const next = fields.find((field) => field.option.required && !field.input.value.trim());
    (next?.input ?? tail).focus();
  }

  function fieldKey(event, field) {
    const { input } = field;
    const at = fields.indexOf(field);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!suggestions.isOpen) suggest(field);
      else suggestions.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (field.chooser && !field.picked) field.chooser.open();
      else if (!field.picked && suggestions.active) suggestions.pick();
      else submit();
    } else if (event.key === "Tab" && !event.shiftKey && !field.picked && suggestions.active && input.value.trim()) {
      event.preventDefault();
      suggestions.pick();
    } else if (event.key === "Backspace" && field.chooser && field.picked) {
      event.preventDefault();
      setText(field, "");
    } else if (event.key === "Backspace" && input.value === "") {
      event.preventDefault();
      if (field.option.required) backFrom(at);
      else {
        drop(field);
        (fields[at - 1]?.input ?? tail).focus();
      }
    } else if (event.key === "ArrowLeft" && input.selectionEnd === 0 && at > 0) fields[at - 1].input.focus();
    else if (event.key === "ArrowRight" && input.selectionStart === input.value.length) (fields[at + 1]?.input ?? tail).focus();
    else if (event.key === "Escape") escape(event);
  }

  function backFrom(at) {
    if (at > 0) fields[at - 1].input.focus();
    else leave(command.title);
  }

  function escape(event) {
    event.preventDefault();
    event.stopPropagation();
    if (suggestions.isOpen) {
      fields.forEach(stopAsking);
      suggestions.hide();
    } else leave("");
  }

  function leave(text) {
    fields.forEach((field) => field.ask.cancel());
    suggestions.hide();
    onError("");
    onLeave(text);
  }

  // --- the end of the bar -----------------------------------------------------------------------

  function paintTail() {
    const count = remaining().length;
    tail.placeholder = count ? `+ ${count} option${count === 1 ? "" : "s"}` : "Enter to send";
    tail.size = Math.max(tail.placeholder.length, 6);
  }

  function suggestOptions() {
    const wanted = tail.value.trim().toLowerCase();
    const fits = remaining().filter((option) => option.name.toLowerCase().includes(wanted) || (wanted && option.description.toLowerCase().includes(wanted)));
    if (!remaining().length) {
      suggestions.hide();
      return;
    }
    const entries = fits.map((option) => ({ title: option.name, hint: option.description, side: kindWord(option), option }));
    const pick = (entry) => {
      tail.value = "";
      addField(entry.option).input.focus();
    };
    suggestions.show(`${command.description || "Options"} · press Enter to send`, entries, pick, { first: wanted !== "", none: "no such option" });
  }

  tail.addEventListener("focus", () => {
    suggestions.bind(tail);
    suggestOptions();
  });
  tail.addEventListener("blur", () => suggestions.hide());
  tail.addEventListener("input", () => {
    onError("");
    const parts = typedOptions(command, tail.value);
    if (parts.some((part) => part.name)) {
      tail.value = "";
      feed(parts.filter((part) => part.name));
    } else suggestOptions();
  });
  tail.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!suggestions.isOpen) suggestOptions();
      else suggestions.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!suggestions.pick()) submit();
    } else if (event.key === "Tab" && !event.shiftKey && suggestions.active) {
      event.preventDefault();
      suggestions.pick();
    } else if (event.key === "Backspace" && tail.value === "") {
      event.preventDefault();
      if (fields.length) fields.at(-1).input.focus();
      else leave(command.title);
    } else if (event.key === "ArrowLeft" && tail.selectionEnd === 0 && fields.length) fields.at(-1).input.focus();
    else if (event.key === "Escape") escape(event);
  });

  // --- commands typed as one line ---------------------------------------------------------------

  /** Fill in options that were typed as text: [{name, text}]; the field of the last one gets the focus. */
  function feed(parts) {
    let last = null;
    for (const { name, text } of parts) {
      const option = name ? optionNamed(name) : (command.options.find((one) => one.required && !fieldOf(one)?.input.value) ?? null);
      if (!option) {
        tail.value = text;
        continue;
      }
      const field = addField(option);
      if (text || !field.input.value) setText(field, text);
      if (last) resolveTyped(last);
      last = field;
    }
    (last?.input ?? tail).focus();
    if (last && document.activeElement === last.input) suggest(last);
  }

  function read(field) {
    return valueOf(field.option, field.input.value, field.picked, fixedChoices(field.option, session));
  }

  function wrong(field, text) {
    onError(text);
    field.box.classList.add("is-wrong");
    field.input.setAttribute("aria-invalid", "true");
    field.input.focus();
  }

  async function submit() {
    if (sending) return;
    if (tail.value.trim()) {
      onError(`${command.title} has no option “${tail.value.trim()}”. Pick one from the list, or clear it.`);
      tail.focus();
      return;
    }
    const options = [];
    for (const field of fields) {
      resolveTyped(field);
      if (!field.option.required && !field.input.value.trim() && !field.picked) continue;
      const { value, problem } = read(field);
      if (problem) {
        wrong(field, problem);
        return;
      }
      options.push({ name: field.option.name, type: field.option.type, value });
    }
    sending = true;
    node.setAttribute("aria-busy", "true");
    suggestions.hide();
    try {
      await session.command(command.path[0], { options: packed(command, options), label: command.title });
      fields.forEach((field) => field.ask.cancel());
      onSent();
    } catch (error) {
      onError(error.message);
      const named = fields.find((field) => error.message.includes(field.option.name));
      named?.input.focus();
    } finally {
      sending = false;
      node.removeAttribute("aria-busy");
    }
  }

  for (const option of command.options) if (option.required) addField(option);
  paintTail();
  return { node, feed, submit, focus: onward };
}

function limits(option) {
  const low = option.min_value ?? null;
  const high = option.max_value ?? null;
  if (low !== null && high !== null) return ` · ${low} to ${high}`;
  if (low !== null) return ` · at least ${low}`;
  return high === null ? "" : ` · at most ${high}`;
}
