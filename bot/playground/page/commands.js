/**
 * Slash commands as data: flattening, finding, reading what was typed, checking and packing values.
 *
 * This module touches no page elements. A command in use is `{path, kinds, title, description, options}`:
 * `path` holds the names from the command down to its subcommand; `kinds` holds Discord's option types
 * (group or subcommand) of all names but the first.
 */

import { shownName } from "./people.js";

export const KIND = { subcommand: 1, group: 2, string: 3, integer: 4, boolean: 5, user: 6, channel: 7, role: 8, mentionable: 9, number: 10, attachment: 11 };

/** Every usable command of a list, each subcommand as its own entry, in alphabetical order. */
export function flattened(commands) {
  const found = [];
  const walk = (node, path, kinds) => {
    const inner = (node.options ?? []).filter((option) => option.type === KIND.subcommand || option.type === KIND.group);
    if (inner.length) inner.forEach((option) => walk(option, [...path, option.name], [...kinds, option.type]));
    else found.push({ path, kinds, title: `/${path.join(" ")}`, description: node.description ?? "", options: ordered(node.options ?? []) });
  };
  for (const command of commands) walk(command, [command.name], []);
  return found.sort((one, other) => one.title.localeCompare(other.title));
}

const ordered = (options) => [...options.filter((option) => option.required), ...options.filter((option) => !option.required)];

/** The commands that match the text after the slash, best first. */
export function matching(commands, typed) {
  const wanted = typed.toLowerCase().trim();
  if (!wanted) return commands;
  const rank = ({ path, description }) => {
    const name = path.join(" ").toLowerCase();
    if (name === wanted) return 0;
    if (name.startsWith(wanted)) return 1;
    if (name.includes(wanted)) return 2;
    return description.toLowerCase().includes(wanted) ? 3 : 9;
  };
  return commands.filter((command) => rank(command) < 9).sort((one, other) => rank(one) - rank(other));
}

/** The command that a typed line begins with: {command, rest}. Its name must end in a space or end the line. */
export function named(commands, line) {
  const lower = line.toLowerCase();
  const fits = commands.filter(({ title }) => lower === title.toLowerCase() || lower.startsWith(`${title.toLowerCase()} `));
  const command = fits.sort((one, other) => other.title.length - one.title.length)[0];
  return command ? { command, rest: line.slice(command.title.length).trimStart() } : null;
}

/**
 * Split typed options: "mood:Tense genre:Film noir" gives [{name, text}, …].
 *
 * Text before the first option comes with the name null.
 */
export function typedOptions(command, text) {
  const names = command.options.map((option) => option.name.replace(/[-]/g, "\\-"));
  if (!names.length) return text.trim() ? [{ name: null, text: text.trim() }] : [];
  const pattern = new RegExp(`(?:^|\\s)(${names.join("|")}):`, "giu");
  const marks = [...text.matchAll(pattern)];
  const parts = [];
  const first = text.slice(0, marks[0]?.index ?? text.length).trim();
  if (first) parts.push({ name: null, text: first });
  marks.forEach((mark, at) => {
    const end = marks[at + 1]?.index ?? text.length;
    parts.push({ name: mark[1].toLowerCase(), text: text.slice(mark.index + mark[0].length, end).trim() });
  });
  return parts;
}

/** What can be chosen for an option without asking the bot: [{name, value, hint?}], or null. */
export function fixedChoices(option, session) {
  if (option.choices?.length) return option.choices;
  if (option.type === KIND.boolean) return [{ name: "True", value: true }, { name: "False", value: false }];
  if (option.type === KIND.user || option.type === KIND.mentionable) {
    return [...session.members, session.bot.user].map((user) => ({ name: shownName(user), value: user.id, hint: `@${user.username}` }));
  }
  if (option.type === KIND.channel) {
    const channels = session.place?.guild?.channels ?? [];
    return channels
      .filter((channel) => !option.channel_types?.length || option.channel_types.includes(channel.type))
      .map((channel) => ({ name: `#${channel.name}`, value: channel.id, hint: channel.topic ?? "" }));
  }
  return option.type === KIND.role ? [] : null;
}

const bare = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/^[@#]/, "").toLowerCase();

/** The choices that fit what was typed, those that begin with it first. */
export function filtered(choices, typed) {
  const wanted = bare(typed.trim());
  const fits = (choice) => bare(choice.name).includes(wanted) || bare(choice.hint ?? "").includes(wanted);
  const begins = (choice) => (bare(choice.name).startsWith(wanted) ? 0 : 1);
  return choices.filter(fits).sort((one, other) => begins(one) - begins(other)).slice(0, 25);
}

/**
 * The value of an option from its field: `{value}`, or `{problem}` in a sentence.
 *
 * `picked` is what was chosen from a list ({name, value}) or null; `text` is the text in the field.
 */
export function valueOf(option, text, picked, choices) {
  const typed = text.trim();
  if (picked) return { value: picked.value };
  if (option.type === KIND.attachment) return { problem: `Choose a file for “${option.name}”.` };
  if (typed === "") return { problem: `Fill in “${option.name}”.` };
  if (choices) {
    const exact = choices.find((choice) => bare(choice.name) === bare(typed));
    if (exact) return { value: exact.value };
    const some = choices.slice(0, 6).map((choice) => choice.name).join(", ");
    if (!choices.length) return { problem: `There is nothing to choose for “${option.name}” here.` };
    return { problem: `“${typed}” is no choice for “${option.name}”. Choose from the list: ${some}${choices.length > 6 ? ", …" : ""}.` };
  }
  if (option.type === KIND.integer || option.type === KIND.number) return number(option, typed);
  if (option.min_length && typed.length < option.min_length) return { problem: `“${option.name}” needs at least ${option.min_length} characters.` };
  if (option.max_length && typed.length > option.max_length) return { problem: `“${option.name}” takes at most ${option.max_length} characters.` };
  return { value: typed };
}

function number(option, typed) {
  const whole = option.type === KIND.integer;
  const value = Number(typed.replace(",", "."));
  if (!/^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/.test(typed) || (whole && !Number.isSafeInteger(value))) {
    return { problem: `“${option.name}” needs ${whole ? "a whole number" : "a number"}.` };
  }
  const low = option.min_value ?? -Infinity;
  const high = option.max_value ?? Infinity;
  if (value >= low && value <= high) return { value };
  if (low > -Infinity && high < Infinity) return { problem: `“${option.name}” must lie between ${low} and ${high}.` };
  return { problem: value < low ? `“${option.name}” must be at least ${low}.` : `“${option.name}” must be at most ${high}.` };
}

/** Options as Discord sends them: the options of a subcommand are nested inside the subcommand. */
export function packed(command, options) {
  const inside = command.path.slice(1);
  return inside.reduceRight((inner, name, at) => [{ name, type: command.kinds[at], options: inner }], options);
}

/** A short word for the type of value that an option takes. */
export function kindWord(option) {
  if (option.choices?.length) return "choose one";
  return { 3: "text", 4: "whole number", 5: "true or false", 6: "member", 7: "channel", 8: "role", 9: "member or role", 10: "number", 11: "file" }[option.type] ?? "";
}
