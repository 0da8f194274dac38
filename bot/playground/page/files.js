/** The field for an option that is a file: a button that opens the file chooser, and the upload. */

import { h } from "./dom.js";

/**
 * Make the chooser of one field; returns `{node, open()}`.
 *
 * `upload(name, content)`: sends a file, with its bytes in base 64; resolves to `{id, filename}`.
 * `onChosen(file)` is called with that once it was sent, and `onError(text)` if it could not be.
 */
export function createFileChooser(name, { upload, onChosen, onError }) {
  const input = h("input", { type: "file", class: "unseen", tabindex: -1, "aria-label": `File for ${name}` });
  const button = h("button", { type: "button", class: "file-button", on: { click: () => input.click() } }, "Choose file");
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    button.disabled = true;
    try {
      onChosen(await upload(file.name, await encoded(file)));
    } catch (error) {
      onError(error.message);
    } finally {
      button.disabled = false;
      input.value = "";
    }
  });
  return { node: [button, input], open: () => input.click() };
}

function encoded(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => reject(new Error(`“${file.name}” cannot be read.`)));
    reader.readAsDataURL(file);
  });
}
