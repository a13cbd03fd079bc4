import { z } from 'zod';

/** A title: trimmed, 1 to 500 characters. */
export const title = z.string().trim().min(1, 'must not be empty').max(500, 'may have at most 500 characters');

/** A title, or an empty text: trimmed, at most 500 characters. */
export const optionalTitle = z.string().trim().max(500, 'may have at most 500 characters');

/** A text of at most 100,000 characters. */
export const longText = z.string().max(100_000, 'may have at most 100,000 characters');

/**
 * A URL with scheme http or https. A `javascript:` URL would run in the browser of the user who
 * opens it.
 */
export const webUrl = z
  .string()
  // Checked before parsing, which takes quadratic time for a long host.
  .max(2000, 'may have at most 2,000 characters')
  .pipe(z.url({ protocol: /^https?$/, error: 'must be an address that starts with https:// or http://' }));

/** An email address, in lower case so that it is unique regardless of case. */
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(320)
  .pipe(z.email('must be an address as in "ada@example.com"'));

/** A text of at most 100,000 characters that is not blank. */
export const nonBlankText = longText.refine((text) => text.trim() !== '', 'must not be empty');
