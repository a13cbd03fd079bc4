import { BadUserInputError } from '../errors.ts';

/** The longest name, in bytes of UTF-8: what file systems can take when it is downloaded again. */
const MAX_NAME_BYTES = 255;

/**
 * How much of a long name is looked at: so many UTF-16 units of its start, and of its end, where the extension is. More
 * than fits into `MAX_NAME_BYTES` in any composition of characters, so that nothing that could be kept is lost.
 */
const HEAD_UNITS = 4000;
const TAIL_UNITS = 200;

/** Control characters, and marks that turn text round or break lines. All are single UTF-16 units. */
const invisible = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu;
const DOT = 0x2e;

/** The UTF-16 units that count for nothing around a name: spaces of all kinds, and what is invisible. */
const blanks = new Set(
  Array.from({ length: 2 ** 16 }, (_, unit) => unit).filter((unit) => {
    const text = String.fromCharCode(unit);
    return text.trim() === '' || text.replace(invisible, '') === '';
  }),
);

/**
 * What a file is called, from what the client claims: the last part of a path, without control characters and
 * without the marks that turn text round (they make `exe.gpj` look like `jpg.exe`), cut to 255 bytes with its
 * extension kept. Dots at its end go, because some systems drop them when they save it, and `a.exe.` becomes `a.exe`.
 *
 * The claim may be as long as a request. It is trimmed by loops that go once over it and cut before anything else looks
 * at it: to sort combining marks (NFC) and to trim by a regular expression takes quadratic time.
 */
export function cleanName(claimed: string): string {
  const last = claimed.slice(Math.max(claimed.lastIndexOf('/'), claimed.lastIndexOf('\\')) + 1);
  const shown = trimmed(cutMiddle(trimmed(last)).normalize('NFC').replace(invisible, ''));
  if (shown === '') return 'unnamed';
  const name = shown.toWellFormed();
  const extension = /\.[^.]{1,16}$/u.exec(name)?.[0] ?? '';
  return cutName(name.slice(0, name.length - extension.length), extension);
}

/** Without spaces and invisible characters around it, and without dots at its end. */
function trimmed(text: string): string {
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

/** A name of two parts, of which the first is cut where both are too long for a file system. */
export function cutName(stem: string, ending: string): string {
  const room = MAX_NAME_BYTES - Buffer.byteLength(ending);
  if (Buffer.byteLength(stem) <= room) return stem + ending;
  const bytes = Buffer.from(stem);
  let end = Math.max(0, room);
  // Not inside of a character: https://www.rfc-editor.org/rfc/rfc3629#section-3
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end) + ending;
}

/** Whether a name ends in one of the extensions, which are in lower case and without their first dot: `pdf`, `tar.gz`. */
export function hasExtension(name: string, extensions: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return extensions.some((extension) => lower.endsWith(`.${extension}`));
}

/** A name that somebody gives on purpose has to be one. */
export function parseFileName(claimed: string): string {
  const name = cleanName(claimed);
  if (name === 'unnamed' && claimed !== 'unnamed') throw new BadUserInputError('A file needs a name.');
  return name;
}
