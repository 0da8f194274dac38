/** Pictures and files: those of the playground itself, and posters from elsewhere that may fail. */

import { h, link, safeUrl } from "./dom.js";
import { icon } from "./icons.js";

const DISCORD = new Set(["cdn.discordapp.com", "media.discordapp.net"]);

/** The address of a media item: Discord's file addresses become the playground's. */
export function localMedia(url) {
  const href = safeUrl(url, { own: true });
  if (!href) return null;
  const parsed = new URL(href);
  const ours = DISCORD.has(parsed.hostname) && parsed.pathname.startsWith("/attachments/");
  return ours ? `${parsed.pathname}${parsed.search}` : href;
}

/** A picture that turns into its description where it cannot be loaded. */
export function picture(media, description, spoiler = false) {
  const href = localMedia(media?.url);
  const missing = () => h("span", { class: "picture-missing", role: "img", "aria-label": description || "Picture" }, icon("eye", 18), h("span", {}, description || "This picture could not be loaded"));
  if (!href) return missing();
  const image = h("img", { src: href, alt: description ?? "", loading: "lazy", decoding: "async", width: media.width, height: media.height });
  image.addEventListener("error", () => image.parentElement?.replaceChild(missing(), image));
  if (!spoiler) return image;
  const veil = h("button", { type: "button", class: "picture-veil", "aria-label": "Spoiler, press to show" }, image, h("span", { class: "pill" }, "Spoiler"));
  veil.addEventListener("click", () => veil.replaceWith(image));
  return veil;
}

/** A size in bytes as people read it. */
export function bytes(count) {
  if (!Number.isFinite(count)) return "";
  if (count < 1000) return `${count} bytes`;
  return count < 1e6 ? `${(count / 1e3).toFixed(1)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}

/** A file to download. */
export function fileCard({ url, filename, size }) {
  const href = localMedia(url);
  const name = filename || (href ? decodeURIComponent(href.split("/").at(-1).split("?")[0]) : "file");
  const words = h("span", { class: "file-words" }, href ? link(href, name) : name, size ? h("span", { class: "option-hint" }, bytes(size)) : null);
  const fetched = href ? h("a", { class: "icon-button", href, download: name, "aria-label": `Download ${name}` }, icon("download")) : null;
  return h("div", { class: "file" }, icon("file", 26), words, fetched);
}

/** The attachments of a message that its components and embeds do not show already. */
export function attachments(list, used) {
  return list
    .filter((file) => !used.has(localMedia(file.url)))
    .map((file) => {
      const image = (file.content_type ?? "").startsWith("image/");
      if (!image) return fileCard(file);
      return h("figure", { class: "attachment" }, picture(file, file.description ?? file.filename, file.filename?.startsWith("SPOILER_")));
    });
}
