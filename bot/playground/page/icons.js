/** The page's own line icons, drawn on a 24 by 24 grid. */

const VOICE = 2;
const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  menu: ["M4 7h16M4 12h16M4 17h16"],
  close: ["M6 6l12 12M18 6 6 18"],
  hash: ["M9.5 4 7.5 20M16.5 4l-2 16M4.5 9h16M3.5 15h16"],
  person: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5"],
  people: ["M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.6-3.3 3.2-5 6.5-5s5.9 1.7 6.5 5M16 5.2a3.3 3.3 0 0 1 0 6.1M17.6 14.9c2.2.6 3.5 2.2 3.9 4.6"],
  bolt: ["M13 3 5 14h6l-1 7 8-11h-6z"],
  sun: ["M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"],
  moon: ["M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"],
  clock: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.5V12l3 2"],
  smile: ["M11 20.5A8.5 8.5 0 1 1 19.5 12M8 14.5c.9 1.2 2 1.8 3.3 1.8 1 0 2-.4 2.7-1.1M8.5 9.5v.8M13.8 9.5v.8M19 15.5v6M16 18.5h6"],
  more: ["M5.5 12h.01M12 12h.01M18.5 12h.01"],
  down: ["m6 9.5 6 6 6-6"],
  check: ["m5 12.5 4.5 4.5L19 7.5"],
  send: ["M4.5 12 20 4.5 16 20l-4.5-6zM11.5 14 20 4.5"],
  eye: ["M2.5 12C4.5 8 8 5.8 12 5.8s7.5 2.2 9.5 6.2c-2 4-5.5 6.2-9.5 6.2S4.5 16 2.5 12zM12 14.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6z"],
  file: ["M13.5 3.5H7a1.5 1.5 0 0 0-1.5 1.5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5zM13.5 3.5v5h5"],
  download: ["M12 4v11M7.5 11 12 15.5 16.5 11M5 20h14"],
  reply: ["M5 18v-4.5A3.5 3.5 0 0 1 8.5 10H20M16 6l4 4-4 4"],
  outside: ["M13.5 4.5h6v6M19.5 4.5l-9 9M17 14v4.5a1 1 0 0 1-1 1H5.5a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1H10"],
  speaker: ["M4 9.5h3.5L12 5.5v13l-4.5-4H4zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11"],
  calendar: ["M5.5 6h13A1.5 1.5 0 0 1 20 7.5v11a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18.5v-11A1.5 1.5 0 0 1 5.5 6zM4 10.5h16M8 3.5V8M16 3.5V8"],
  bell: ["M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 20.5h4"],
  pin: ["M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"],
  star: ["m12 4 2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8L7 19l1.1-5.5L4 9.7 9.6 9z"],
};

/** The icon of a server's channel. */
export const signOf = (channel) => (channel.type === VOICE ? "speaker" : "hash");

/** An icon that screen readers skip; the control around it has the name. */
export function icon(name, size = 20) {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = {
    viewBox: "0 0 24 24", width: size, height: size, fill: "none", stroke: "currentColor",
    "stroke-width": name === "more" ? 3 : 1.8, "stroke-linecap": "round", "stroke-linejoin": "round",
    "aria-hidden": "true", focusable: "false", class: "icon",
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  for (const d of PATHS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}
