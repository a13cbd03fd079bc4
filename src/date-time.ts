/**
 * Whether a day is in the calendar: `Date` converts 31 February to 3 March. Months count from 1.
 */
export function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day); // `Date.UTC` takes the year 99 for 1999
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/**
 * A moment as https://www.rfc-editor.org/rfc/rfc3339 writes it, with its offset from UTC, seconds
 * optional. Undefined for anything else: a day that is not in the calendar, the hour 24, or no
 * offset, which would follow the time zone of the server.
 */
export function parseDateTime(text: string): Date | undefined {
  const pattern = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:[0-5]\d)$/i;
  const [, year, month, day] = pattern.exec(text) ?? [];
  if (!isDay(Number(year), Number(month), Number(day))) return undefined;
  const date = new Date(text.toUpperCase());
  return Number.isNaN(date.getTime()) ? undefined : date;
}
