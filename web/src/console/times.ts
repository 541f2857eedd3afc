/** Times and ages as an operator reads them: local time of Great Britain, with seconds. */

const ZONE = "Europe/London";
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const DAY = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, day: "numeric", month: "short" });
const LONG_DAY = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, weekday: "short", day: "numeric", month: "short" });

/** Milliseconds since 1970 of an instant of the wire; null for none or for something unreadable. */
export function millis(instant: string | null | undefined): number | null {
  if (instant === null || instant === undefined || instant === "") return null;
  const value = Date.parse(instant);
  return Number.isNaN(value) ? null : value;
}

/** "12:03:22" for milliseconds since 1970 or an instant of the wire; "" for none. */
export function clock(when: number | string | null | undefined): string {
  const value = typeof when === "number" ? when : millis(when);
  return value === null ? "" : CLOCK.format(value);
}

/** "12:03:22", with the day in front ("21 Nov 12:03:22") when it is not the day of `now`. */
export function clockWithDay(when: string | null | undefined, now: number): string {
  const value = millis(when);
  if (value === null) return "";
  return DAY.format(value) === DAY.format(now) ? CLOCK.format(value) : `${DAY.format(value)} ${CLOCK.format(value)}`;
}

/** "22 Nov 12:03:22" of milliseconds since 1970 or an instant of the wire; "" for none. */
export function dateAndTime(when: number | string | null | undefined): string {
  const value = typeof when === "number" ? when : millis(when);
  return value === null ? "" : `${DAY.format(value)} ${CLOCK.format(value)}`;
}

/** "Sat 22 Nov" of milliseconds since 1970. */
export function dayOf(now: number): string {
  return LONG_DAY.format(now);
}

/** A duration in whole seconds in words: "8 s", "2 min 05 s", "3 h 02 min". Negative counts as nothing. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

/** A running time as on a counter: "0:08", "12:05", "1:02:05". */
export function counter(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours === 0 ? `${minutes}:${pad(whole % 60)}` : `${hours}:${pad(minutes)}:${pad(whole % 60)}`;
}

/** Seconds from an instant of the wire until `now` (ms); null without an instant. */
export function secondsSince(when: string | null | undefined, now: number): number | null {
  const value = millis(when);
  return value === null ? null : (now - value) / 1000;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
