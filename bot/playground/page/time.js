/** Times as people read them, in the browser's own time zone, and the world's running clock. */

const LOCALE = navigator.language?.startsWith("en") ? navigator.language : "en-GB";

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { weekday: "long", year: "numeric", month: "long", day: "numeric", hour: "numeric", minute: "2-digit" },
};

const UNITS = [
  ["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1],
];

export const format = (date, options) => new Intl.DateTimeFormat(LOCALE, options).format(date);

/** "in 3 hours", "2 days ago". */
export function relative(date, now) {
  const seconds = (date - now) / 1000;
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** The text of a `<t:…:style>` timestamp; null for a time that a JavaScript Date cannot hold. */
export function stamp(seconds, style, now) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return null;
  return style === "R" ? relative(date, now) : format(date, STYLES[style] ?? STYLES.f);
}

const sameDay = (one, other) => one.toDateString() === other.toDateString();

/** The time beside a message: only the hour when it is from today. */
export function beside(date, now) {
  const hour = format(date, STYLES.t);
  if (sameDay(date, now)) return hour;
  if (sameDay(date, new Date(now.getTime() - 86400000))) return `Yesterday at ${hour}`;
  return `${format(date, { weekday: "short", day: "numeric", month: "short", year: date.getFullYear() === now.getFullYear() ? undefined : "numeric" })}, ${hour}`;
}

/** The heading above a day's messages. */
export function day(date, now) {
  if (sameDay(date, now)) return "Today";
  return format(date, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

/** The local Discord's clock: it runs at the usual pace, but may have been set to another time. */
export class WorldTime {
  #ahead = 0;
  real = true;

  /** Takes the server's answer: `{now, real}`. */
  take(clock) {
    this.#ahead = new Date(clock.now).getTime() - Date.now();
    this.real = clock.real;
  }

  now() {
    return new Date(Date.now() + (this.real ? 0 : this.#ahead));
  }

  /** The coming moment of a weekday (0: Sunday) and hour, in the browser's zone. */
  next(weekday, hour) {
    const now = this.now();
    const then = new Date(now);
    then.setHours(hour, 0, 0, 0);
    then.setDate(then.getDate() + ((weekday - then.getDay() + 7) % 7));
    if (then <= now) then.setDate(then.getDate() + 7);
    return then;
  }
}

/** A date as `<input type="datetime-local">` writes it. */
export function localInput(date) {
  const two = (number) => String(number).padStart(2, "0");
  const year = String(date.getFullYear()).padStart(4, "0");
  return `${year}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The name of the browser's zone, short. */
export function zoneName(date) {
  const parts = new Intl.DateTimeFormat(LOCALE, { timeZoneName: "short" }).formatToParts(date);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}
