/** Builds the page's elements. Text from people or the bot only becomes a text node or an attribute, never HTML. */

/**
 * Make an element.
 *
 * Props: `class`, `on` ({event: listener}), `style` ({property: value}), `data` ({name: value});
 * everything else is an attribute (true: present, false, null or undefined: absent).
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === "style") {
      for (const [key, setting] of Object.entries(value)) element.style.setProperty(key, setting);
    } else if (name === "data") {
      for (const [key, setting] of Object.entries(value)) element.dataset[key] = setting;
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** The element of the page with this id. */
export const byId = (id) => document.getElementById(id);

/** An address that a link or picture may use (http, https or our own), or null. */
export function safeUrl(text, { own = false } = {}) {
  if (typeof text !== "string" || text === "") return null;
  try {
    const url = new URL(text, own ? location.origin : undefined);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/** A link that opens in another tab and sends no referrer. */
export function link(href, children, title) {
  return h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow", title }, children);
}

let serial = 0;

/** An element id that no other element has. */
export function freshId(stem) {
  serial += 1;
  return `${stem}-${serial}`;
}

/** Debounce: of several calls in quick succession, only the last one is made. */
export function debounced(milliseconds, act) {
  let timer = 0;
  const call = (...given) => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds, ...given);
  };
  call.cancel = () => clearTimeout(timer);
  return call;
}

/** The browser's storage. If it is switched off, nothing is kept and nothing fails. */
export const kept = {
  get(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      /* then it is not kept */
    }
  },
};
