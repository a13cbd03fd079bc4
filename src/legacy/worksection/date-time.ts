import { WorksectionError } from './call.ts';

/** In UTC, as in `2021-01-01 10:00`. */
export const encodeDateTime = (moment: Date): string => moment.toISOString().slice(0, 16).replace('T', ' ');

/** As in `2021-01-01`. */
export const encodeDay = (moment: Date): string => moment.toISOString().slice(0, 10);

/** A day as in `31.12.2021`, where it begins in UTC. Refuses anything else, and the year 0, which no database has. */
export function decodeDay(text: string, field: string): Date {
  const [, day, month, year] = /^(\d\d)\.(\d\d)\.(?!0000)(\d{4})$/.exec(text) ?? [];
  const moment = new Date(`${year}-${month}-${day}T00:00:00.000Z`);
  if (Number.isNaN(moment.getTime()) || encodeDay(moment) !== `${year}-${month}-${day}`)
    throw new WorksectionError(11, 'Field is invalid', field);
  return moment;
}
