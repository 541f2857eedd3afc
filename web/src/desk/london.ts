/** Days and times as they are written in Great Britain, and the instants that they are. */

/**
 * The instant of a day and a time of Great Britain, as ISO 8601 in UTC; null for what is no time there: not readable, or in the
 * hour that is left out in spring. Of the hour that comes twice in autumn it is the first.
 */
export function londonInstant(day: string, time: string): string | null {
  const wall = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(wall)) return null;
  for (const offset_h of [1, 0]) {
    const at = wall - offset_h * 3_600_000;
    if (londonWall(at) === `${day}T${time}`) return new Date(at).toISOString();
  }
  return null;
}

const PARTS = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

function londonWall(at: number): string {
  const parts = PARTS.formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}
