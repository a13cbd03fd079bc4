import { z } from 'zod';

/** What people call things. */
export const title = z.string().trim().min(1, 'must not be empty').max(500, 'may have at most 500 characters');

/** What people write about things. */
export const longText = z.string().max(100_000, 'may have at most 100,000 characters');

/** Where a page or an image lies. Only the web: a `javascript:` address would run in whoever follows it. */
export const webUrl = z
  .string()
  .max(2000, 'may have at most 2,000 characters') // before it is parsed, which takes quadratic time for a long host
  .pipe(z.url({ protocol: /^https?$/, error: 'must be an address that starts with https:// or http://' }));

/** Where to write to. Kept in lower case: the same address in other letters reaches the same person. */
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(320)
  .pipe(z.email('must be an address as in "ada@example.com"'));

/** What people say to each other: at least something. */
export const nonBlankText = longText.refine((text) => text.trim() !== '', 'must not be empty');
