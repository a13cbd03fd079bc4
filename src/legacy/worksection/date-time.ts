import { WorksectionError } from './call.ts';

/** A time in UTC, as in `2021-01-01 10:00`. */
export const encodeDateTime = (moment: Date): string => moment.toISOString().slice(0, 16).replace('T', ' ');

/** A day in UTC, as in `2021-01-01`. */
export const encodeDay = (moment: Date): string => moment.toISOString().slice(0, 10);

/**
 * The start in UTC of a day as in `31.12.2021`. Throws `WorksectionError` 11 for anything else, and
 * for the year 0, which PostgreSQL does not have.
 */
export function decodeDay(text: string, field: string): Date {
  const [, day, month, year] = /^(\d\d)\.(\d\d)\.(?!0000)(\d{4})$/.exec(text) ?? [];
  const moment = new Date(`${year}-${month}-${day}T00:00:00.000Z`);
  if (Number.isNaN(moment.getTime()) || encodeDay(moment) !== `${year}-${month}-${day}`)
    throw new WorksectionError(11, 'Field is invalid', field);
  return moment;
}
