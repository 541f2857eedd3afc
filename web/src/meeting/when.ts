/** Days and times of a meeting: always of Great Britain, whatever the clock of the device says. */

const ZONE = "Europe/London";

/** "Saturday 28 November at 14:30" in the page's language. */
export function dayAndTime(instant: string, locale: string): string {
  const at = Date.parse(instant);
  if (Number.isNaN(at)) return "";
  const day = new Intl.DateTimeFormat(locale, { timeZone: ZONE, weekday: "long", day: "numeric", month: "long" }).format(at);
  return `${day}, ${clockTime(instant, locale)}`;
}

/** "14:30". */
export function clockTime(instant: string, locale: string): string {
  const at = Date.parse(instant);
  return Number.isNaN(at) ? "" : new Intl.DateTimeFormat(locale, { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}
