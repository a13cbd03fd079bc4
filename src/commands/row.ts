import { printable } from '../printable.ts';

/** A line of a list: fields between tabs. Names come from users, so each is made safe to print. */
export const row = (...fields: readonly string[]): string => fields.map(printable).join('\t');
