import { BadUserInputError } from '../errors.ts';

/** The number in an id, with or without its type. */
export function parseId(type: string, id: string): number {
  const [, digits] = new RegExp(`^(?:${type}:)?([1-9]\\d{0,15})$`).exec(id) ?? [];
  if (!digits) throw new BadUserInputError(`"${id}" is not an id. Write it as in ${type}:1.`);
  return Number(digits);
}
