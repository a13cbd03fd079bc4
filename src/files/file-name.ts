import { BadUserInputError } from '../errors.ts';

/** The most bytes of a name in UTF-8. File systems allow no longer names. */
const MAX_NAME_BYTES = 255;

/**
 * How many UTF-16 units of a long name are processed: at its start, and at its end with the
 * extension. They are more than `MAX_NAME_BYTES` can hold in any composition of characters, so that
 * cutting changes no result.
 */
const HEAD_UNITS = 4000;
const TAIL_UNITS = 200;

/**
 * Control characters, and marks that change the text direction or break lines. All are single
 * UTF-16 units.
 */
const invisible = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu;
const DOT = 0x2e;

/** The UTF-16 units that are trimmed around a name: whitespace and invisible characters. */
const blanks = new Set(
  Array.from({ length: 2 ** 16 }, (_, unit) => unit).filter((unit) => {
    const text = String.fromCharCode(unit);
    return text.trim() === '' || text.replace(invisible, '') === '';
  }),
);

/**
 * Returns the name under which a file is stored, from the one that the client claims: the last part
 * of a path, without control characters and without marks that change the text direction (they make
 * `exe.gpj` look like `jpg.exe`), cut to 255 bytes with its extension kept; `unnamed` when nothing
 * is left. Dots at the end are removed because some systems drop them when they save a file:
 * `a.exe.` becomes `a.exe`.
 *
 * The claim may be as long as a request. It is trimmed in one pass and cut before anything else:
 * Unicode normalization (NFC) and trimming with a regular expression take quadratic time.
 */
export function cleanName(claimed: string): string {
  const last = claimed.slice(Math.max(claimed.lastIndexOf('/'), claimed.lastIndexOf('\\')) + 1);
  const visible = trim(cutMiddle(trim(last)).normalize('NFC').replace(invisible, ''));
  if (visible === '') return 'unnamed';
  const name = visible.toWellFormed();
  const extension = /\.[^.]{1,16}$/u.exec(name)?.[0] ?? '';
  return cutName(name.slice(0, name.length - extension.length), extension);
}

/** Removes whitespace and invisible characters around a text, and dots at its end. */
function trim(text: string): string {
  let end = text.length;
  for (; end > 0; end--) {
    const unit = text.charCodeAt(end - 1);
    if (unit !== DOT && !blanks.has(unit)) break;
  }
  let start = 0;
  while (start < end && blanks.has(text.charCodeAt(start))) start += 1;
  return text.slice(start, end);
}

const cutMiddle = (text: string): string =>
  text.length <= HEAD_UNITS + TAIL_UNITS ? text : text.slice(0, HEAD_UNITS) + text.slice(-TAIL_UNITS);

/**
 * Joins two parts of a name, and cuts the first so that both have at most `MAX_NAME_BYTES` bytes.
 */
export function cutName(stem: string, ending: string): string {
  const maxStemBytes = MAX_NAME_BYTES - Buffer.byteLength(ending);
  if (Buffer.byteLength(stem) <= maxStemBytes) return stem + ending;
  const bytes = Buffer.from(stem);
  let end = Math.max(0, maxStemBytes);
  // Moves back to the start of a character: https://www.rfc-editor.org/rfc/rfc3629#section-3
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end) + ending;
}

/**
 * Whether a name has one of the extensions, which are in lower case and without the first dot:
 * `pdf`, `tar.gz`.
 */
export function hasExtension(name: string, extensions: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return extensions.some((extension) => lower.endsWith(`.${extension}`));
}

/** Cleans a name that a user chose. Throws `BadUserInputError` when nothing is left of it. */
export function parseFileName(claimed: string): string {
  const name = cleanName(claimed);
  if (name === 'unnamed' && claimed !== 'unnamed') throw new BadUserInputError('A file needs a name.');
  return name;
}
