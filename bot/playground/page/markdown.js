/**
 * Draws Discord's markdown as page elements.
 *
 * The text is split first into blocks (code, headings, small print, quotes, lists, lines), then each
 * line at its marks. `context` finds what the text only mentions: `user(id)`, `channel(id)`,
 * `role(id)`, `me`, `now()` and `onCommand(name)`. Nothing here ever parses HTML.
 */

import { h, link, safeUrl } from "./dom.js";
import { format, stamp } from "./time.js";

const DEEPEST = 12;
const MARKS = [
  ["***", (inner) => h("strong", {}, h("em", {}, inner))],
  ["**", (inner) => h("strong", {}, inner)],
  ["__", (inner) => h("u", {}, inner)],
  ["~~", (inner) => h("s", {}, inner)],
  ["||", (inner) => spoiler(inner)],
  ["*", (inner) => h("em", {}, inner)],
  ["_", (inner) => h("em", {}, inner)],
];
const WORD = /[\p{L}\p{N}]/u;
const ADDRESS = /https?:\/\/[^\s<>"]+/y;
const TAG = /<(?:(@!?|@&|#)(\d{1,20})|\/([^:<>]{1,100}):(\d{1,20})|t:(-?\d{1,13})(?::([tTdDfFR]))?|(a?):(\w{1,32}):(\d{1,20})|(https?:\/\/[^\s<>]+))>/y;
const NAMED_LINK = /\[((?:[^[\]\\]|\\.|\[[^[\]]*\])+)\]\(\s*<?([^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+"([^"]*)")?\s*\)/y;

/** A whole text as page elements. */
export function markdown(text, context) {
  return blocks(text.replace(/\r\n?/g, "\n"), context, 0);
}

/** One line of text as page elements, without headings, lists or quotes. */
export function inlineMarkdown(text, context) {
  return inline(text, context, 0);
}

/** A text without its marks, for announcements and labels. */
export function plain(text) {
  return text
    .replace(/<(@!?|@&|#)\d+>/g, "")
    .replace(/<\/([^:<>]+):\d+>/g, "/$1")
    .replace(/<t:(-?\d+)(?::([tTdDfFR]))?>/g, (all, seconds, style) => stamp(Number(seconds), style, new Date()) ?? all)
    .replace(/<a?:(\w+):\d+>/g, ":$1:")
    .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replace(/^(?:#{1,3}|-#|>{1,3}|[-*])\s+/gm, "")
    .replace(/\*\*|__|~~|\|\||`+|(?<!\w)[*_]|[*_](?!\w)/g, "")
    .replace(/\\([^\p{L}\p{N}\s])/gu, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

function blocks(text, context, depth) {
  const nodes = [];
  const lines = text.split("\n");
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) nodes.push(h("p", {}, inline(paragraph.join("\n"), context, depth)));
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at];
    const fence = /^```([\w+-]*)$/.exec(line.trim());
    const heading = /^(#{1,3}|-#)\s+(\S.*)$/.exec(line);
    const quote = /^(>>>|>)(?:\s|$)/.exec(line);
    if (fence && lines.slice(at + 1).some((other) => other.trimEnd().endsWith("```"))) {
      flush();
      const body = [];
      for (at += 1; !lines[at].trimEnd().endsWith("```"); at += 1) body.push(lines[at]);
      const last = lines[at].trimEnd().slice(0, -3);
      if (last) body.push(last);
      nodes.push(h("pre", {}, h("code", {}, body.join("\n"))));
    } else if (heading) {
      flush();
      nodes.push(headed(heading[1], inline(heading[2], context, depth)));
    } else if (quote && depth < DEEPEST) {
      flush();
      let body;
      if (quote[1] === ">>>") {
        body = [line.slice(4), ...lines.slice(at + 1)];
        at = lines.length;
      } else {
        body = [line.slice(2)];
        while (/^>(?:\s|$)/.test(lines[at + 1] ?? "")) body.push(lines[(at += 1)].slice(2));
      }
      nodes.push(h("blockquote", {}, blocks(body.join("\n"), context, depth + 1)));
    } else if (isItem(line)) {
      flush();
      const items = [];
      while (at < lines.length && (isItem(lines[at]) || (items.length && /^\s+\S/.test(lines[at])))) {
        items.push(lines[at]);
        at += 1;
      }
      at -= 1;
      nodes.push(...listed(items, context, depth));
    } else if (line.trim() === "") {
      flush();
      if (nodes.length && at < lines.length - 1) nodes.push(h("div", { class: "gap" }));
    } else {
      paragraph.push(line);
    }
  }
  flush();
  return nodes;
}

function headed(mark, inner) {
  if (mark === "-#") return h("p", { class: "small-print" }, inner);
  const level = mark.length;
  return h("div", { class: `heading heading-${level}`, role: "heading", "aria-level": level + 2 }, inner);
}

const ITEM = /^(\s*)([-*]|\d{1,9}\.)\s+(\S.*)$/;
const isItem = (line) => ITEM.test(line);

/** Lists, nested by indentation; another kind of mark at the outermost level begins another list. */
function listed(lines, context, depth) {
  const roots = [];
  const stack = [];
  let item = null;
  for (const line of lines) {
    const match = ITEM.exec(line);
    if (!match) {
      item.append("\n", ...inline(line.trim(), context, depth));
      continue;
    }
    const indent = match[1].length;
    const kind = /\d/.test(match[2]) ? "ol" : "ul";
    while (stack.length > 1 && stack.at(-1).indent > indent) stack.pop();
    if (stack.length === 1 && stack[0].kind !== kind && indent <= stack[0].indent) stack.pop();
    if (!stack.length || (indent > stack.at(-1).indent && stack.length < DEEPEST)) {
      const start = kind === "ol" && match[2] !== "1." ? parseInt(match[2], 10) : null;
      const list = h(kind, { start });
      if (stack.length) item.append(list);
      else roots.push(list);
      stack.push({ indent, kind, list });
    }
    item = h("li", {}, inline(match[3], context, depth));
    stack.at(-1).list.append(item);
  }
  return roots;
}

function inline(text, context, depth) {
  const nodes = [];
  let run = "";
  const push = (node) => {
    if (run) nodes.push(run);
    run = "";
    nodes.push(node);
  };
  for (let at = 0; at < text.length; ) {
    const taken = depth < DEEPEST ? token(text, at, context, depth) : null;
    if (taken) {
      if (taken.node !== null) push(taken.node);
      else run += taken.text;
      at = taken.end;
    } else {
      run += text[at];
      at += 1;
    }
  }
  if (run) nodes.push(run);
  return nodes;
}

const at_ = (pattern, text, at) => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

function token(text, at, context, depth) {
  const char = text[at];
  if (char === "\\" && at + 1 < text.length && /[^\p{L}\p{N}\s]/u.test(text[at + 1])) {
    return { node: null, text: text[at + 1], end: at + 2 };
  }
  if (char === "`") return code(text, at);
  if (char === "<") return tag(text, at, context);
  if (char === "[") {
    const match = at_(NAMED_LINK, text, at);
    const href = match && safeUrl(match[2]);
    if (!href) return null;
    return { node: link(href, inline(match[1], context, depth + 1), match[3]), end: at + match[0].length };
  }
  if (char === "h" && !WORD.test(text[at - 1] ?? " ")) {
    const match = at_(ADDRESS, text, at);
    if (!match) return null;
    const shown = trimmed(match[0]);
    const href = safeUrl(shown);
    return href ? { node: link(href, shown), end: at + shown.length } : null;
  }
  for (const [mark, make] of MARKS) {
    if (!text.startsWith(mark, at)) continue;
    if (mark === "_" && WORD.test(text[at - 1] ?? " ")) continue;
    const end = closing(text, at + mark.length, mark);
    if (end < 0) continue;
    return { node: make(inline(text.slice(at + mark.length, end), context, depth + 1)), end: end + mark.length };
  }
  return null;
}

function closing(text, from, mark) {
  if (from >= text.length) return -1;
  const single = mark.length === 1;
  if (single && /\s/.test(text[from])) return -1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\") {
      at += 1;
    } else if (text[at] === "`") {
      const span = code(text, at);
      if (span) at = span.end - 1;
    } else if (text.startsWith(mark, at) && at > from) {
      if (!single) {
        while (mark === "**" && text[at + 2] === "*") at += 1;
        return at;
      }
      if (text[at + 1] === mark) {
        at += 1;
        continue;
      }
      if (/\s/.test(text[at - 1])) continue;
      if (mark === "_" && WORD.test(text[at + 1] ?? " ")) continue;
      return at;
    }
  }
  return -1;
}

function code(text, at) {
  const ticks = /`+/y;
  const open = at_(ticks, text, at)[0];
  for (let end = text.indexOf(open, at + open.length); end >= 0; ) {
    const run = at_(ticks, text, end)[0];
    if (run.length === open.length) {
      const body = text.slice(at + open.length, end);
      if (body === "") return null;
      if (open.length >= 3) {
        const lines = body.replace(/^[\w+-]*\n/, "").replace(/\n$/, "");
        return { node: h("pre", {}, h("code", {}, lines)), end: end + open.length };
      }
      return { node: h("code", { class: "span" }, body.replace(/^ (.*) $/s, "$1")), end: end + open.length };
    }
    end = text.indexOf(open, end + run.length);
  }
  return null;
}

function tag(text, at, context) {
  const match = at_(TAG, text, at);
  if (!match) return null;
  const [all, kind, id, command, , seconds, style, , emoji, , address] = match;
  const end = at + all.length;
  if (kind?.startsWith("@") && kind !== "@&") {
    const user = context.user?.(id);
    const own = context.me === id;
    return { node: h("span", { class: own ? "mention mention-me" : "mention" }, `@${user ?? "unknown-user"}`), end };
  }
  if (kind === "@&") return { node: h("span", { class: "mention" }, `@${context.role?.(id) ?? "role"}`), end };
  if (kind === "#") return { node: h("span", { class: "mention" }, `#${context.channel?.(id) ?? "unknown"}`), end };
  if (command) {
    const name = `/${command}`;
    if (!context.onCommand) return { node: h("span", { class: "mention" }, name), end };
    return { node: h("button", { type: "button", class: "mention", on: { click: () => context.onCommand(command) } }, name), end };
  }
  if (seconds !== undefined) {
    const now = context.now?.() ?? new Date();
    const shown = stamp(Number(seconds), style, now);
    if (shown === null) return null;
    const date = new Date(Number(seconds) * 1000);
    return { node: h("time", { class: "stamp", datetime: date.toISOString(), title: format(date, { dateStyle: "full", timeStyle: "short" }) }, shown), end };
  }
  if (emoji) return { node: h("span", { class: "custom-emoji", title: `:${emoji}:` }, `:${emoji}:`), end };
  const href = safeUrl(address);
  return href ? { node: link(href, address), end } : null;
}

function trimmed(address) {
  let shown = address.replace(/[.,:;!?'*_~|]+$/, "");
  while (shown.endsWith(")") && shown.split(")").length > shown.split("(").length) shown = shown.slice(0, -1);
  return shown;
}

function spoiler(inner) {
  const veil = h("span", { class: "spoiler", role: "button", tabindex: 0, "aria-expanded": "false", "aria-label": "Spoiler, press to show" });
  const text = h("span", { "aria-hidden": "true" }, inner);
  veil.append(text);
  const show = (event) => {
    if (veil.classList.contains("open")) return;
    event.preventDefault();
    veil.classList.add("open");
    veil.setAttribute("aria-expanded", "true");
    veil.removeAttribute("aria-label");
    text.removeAttribute("aria-hidden");
  };
  veil.addEventListener("click", show);
  veil.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") show(event);
  });
  return veil;
}
