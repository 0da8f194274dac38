/** The page's own line icons, drawn on a 24 by 24 grid. */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  menu: ["M4 7h16M4 12h16M4 17h16"],
  close: ["M6 6l12 12M18 6 6 18"],
  hash: ["M9.500 4 7.500 20M16.500 4l-2 16M4.500 9h16M3.500 15h16"],
  person: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20c.8-3.600 3.800-5.500 7.500-5.500s6.700 1.900 7.500 5.500"],
  sun: ["M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400"],
  moon: ["M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z"],
  clock: ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.500V12l3 2"],
  smile: ["M11 20.500A8.500 8.500 0 1 1 19.500 12M8 14.500c.9 1.200 2 1.800 3.300 1.800 1 0 2-.4 2.700-1.100M8.500 9.500v.8M13.800 9.500v.8M19 15.500v6M16 18.500h6"],
  more: ["M5.500 12h.01M12 12h.01M18.500 12h.01"],
  down: ["m6 9.500 6 6 6-6"],
  check: ["m5 12.500 4.500 4.500L19 7.500"],
  send: ["M4.500 12 20 4.500 16 20l-4.500-6zM11.500 14 20 4.500"],
  eye: ["M2.500 12C4.500 8 8 5.800 12 5.800s7.500 2.200 9.500 6.200c-2 4-5.500 6.200-9.500 6.200S4.500 16 2.500 12zM12 14.800a2.800 2.800 0 1 0 0-5.600 2.800 2.800 0 0 0 0 5.600z"],
  file: ["M13.500 3.500H7a1.500 1.500 0 0 0-1.500 1.500v14A1.500 1.500 0 0 0 7 20.500h10a1.500 1.500 0 0 0 1.500-1.500V8.500zM13.500 3.500v5h5"],
  download: ["M12 4v11M7.500 11 12 15.500 16.500 11M5 20h14"],
  reply: ["M5 18v-4.500A3.500 3.500 0 0 1 8.500 10H20M16 6l4 4-4 4"],
  outside: ["M13.500 4.500h6v6M19.500 4.500l-9 9M17 14v4.500a1 1 0 0 1-1 1H5.500a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1H10"],
  star: ["m12 4 2.400 5 5.600.7-4.100 3.800 1.100 5.500-5-2.800L7 19l1.100-5.500L4 9.700 9.600 9z"],
};

/** An icon that says nothing to a screen reader; the control around it carries the name. */
export function icon(name, size = 20) {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = {
    viewBox: "0 0 24 24", width: size, height: size, fill: "none", stroke: "currentColor",
    "stroke-width": name === "more" ? 3 : 1.800, "stroke-linecap": "round", "stroke-linejoin": "round",
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
