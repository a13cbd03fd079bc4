import { BadUserInputError } from '../errors.ts';

/** In characters. */
const maxLengths = { title: 500, displayName: 500, description: 100_000, body: 100_000, content: 100_000 };

type TextField = keyof typeof maxLengths;

/**
 * Throws `BadUserInputError` for a text that is too long, whichever transport it came by: lists read
 * the texts of all their rows, so one of megabytes would make lists of others exceed their memory.
 */
export function assertTexts(fields: Partial<Record<TextField, string | undefined>>): void {
  for (const [name, max] of Object.entries(maxLengths)) {
    const text = fields[name as TextField];
    if (text !== undefined && text.length > max)
      throw new BadUserInputError(`The ${name} may have at most ${max.toLocaleString('en')} characters.`);
  }
}
