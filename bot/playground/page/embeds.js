/** Embeds: the older, framed kind of rich message. */

import { h, link, safeUrl } from "./dom.js";
import { inlineMarkdown, markdown } from "./markdown.js";
import { picture } from "./media.js";
import { hex } from "./people.js";
import { beside } from "./time.js";

/** One embed as an element; `words` is the context that `markdown.js` needs to find names. */
export function embed(data, words) {
  const inner = [];
  if (data.author?.name) inner.push(h("div", { class: "embed-author" }, linked(data.author.url, data.author.name)));
  if (data.title) inner.push(h("div", { class: "embed-title" }, linked(data.url, inlineMarkdown(data.title, words))));
  if (data.description) inner.push(h("div", { class: "text" }, markdown(data.description, words)));
  if (data.fields?.length) {
    const fields = data.fields.map((field) =>
      h("div", { class: field.inline ? "field field-inline" : "field" }, h("div", { class: "field-name" }, inlineMarkdown(field.name, words)), h("div", { class: "text" }, markdown(field.value, words))),
    );
    inner.push(h("div", { class: "fields" }, fields));
  }
  if (data.image?.url) inner.push(h("figure", { class: "attachment" }, picture(data.image, data.image.description ?? data.title)));
  const foot = [data.footer?.text, data.timestamp && beside(new Date(data.timestamp), words.now())].filter(Boolean);
  if (foot.length) inner.push(h("div", { class: "small-print" }, foot.join(" · ")));
  const thumbnail = data.thumbnail?.url ? h("div", { class: "thumbnail" }, picture(data.thumbnail, data.title)) : null;
  const style = Number.isInteger(data.color) ? { "--edge": hex(data.color) } : {};
  return h("div", { class: "card card-accent embed", style }, h("div", { class: "embed-main" }, inner), thumbnail);
}

function linked(url, inner) {
  const href = safeUrl(url);
  return href ? link(href, inner) : inner;
}
