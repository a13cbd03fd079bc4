import { BadUserInputError, PayloadTooLargeError } from '../errors.ts';

/** The error of a response that is too large, before it is read or when it is written. */
export const responseTooLarge = (limit: number): PayloadTooLargeError =>
  new PayloadTooLargeError(
    `The answer has more than the ${limit} bytes that one answer may have. Ask for fewer fields, or for smaller pages.`,
    limit,
  );

/** The error of a query whose cost is above its limit. */
export const costsTooMuch = (limit: number) =>
  new BadUserInputError(
    `This query asks for too much at once: its counts, and lists without pages, cost more than ${limit}. ` +
      'Ask for fewer of them, or in several queries.',
  );

/** The error of a request whose queries took longer than they may in all. */
export const queryTimeout = (ms: number) =>
  new BadUserInputError(
    `This query asks for too much at once: its lists and counts took more than ${ms / 1000} seconds. ` +
      'Ask for fewer lists and counts at once, or in several queries.',
  );
