import { BadInput } from '../errors.ts';

/** The longest name, in bytes of UTF-8: what file systems can take when it is downloaded again. */
const MAX_NAME_BYTES = 255;

/**
 * What a file is called, from what the client claims: the last part of a path, without control characters and
 * without the marks that turn text round (they make `exe.gpj` look like `jpg.exe`), cut to 255 bytes with its
 * extension kept. Dots at its end go, because some systems drop them when they save it, and `a.exe.` becomes `a.exe`.
 */
export function cleanName(claimed: string): string {
  const last = claimed.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const shown = last
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu, '')
    .replace(/[\s.]+$/u, '')
    .trim();
  if (shown === '') return 'unnamed';
  const name = shown.toWellFormed();
  const extension = /\.[^.]{1,16}$/u.exec(name)?.[0] ?? '';
  return cutName(name.slice(0, name.length - extension.length), extension);
}

/** A name of two parts, of which the first is cut where both are too long for a file system. */
export function cutName(stem: string, ending: string): string {
  const room = MAX_NAME_BYTES - Buffer.byteLength(ending);
  if (Buffer.byteLength(stem) <= room) return stem + ending;
  let kept = '';
  let bytes = 0;
  for (const character of stem) {
    bytes += Buffer.byteLength(character);
    if (bytes > room) break;
    kept += character;
  }
  return kept + ending;
}

/** Whether a name ends in one of the extensions, which are in lower case and without their first dot: `pdf`, `tar.gz`. */
export function hasExtension(name: string, extensions: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return extensions.some((extension) => lower.endsWith(`.${extension}`));
}

/** A name that somebody gives on purpose has to be one. */
export function mustBeName(claimed: string): string {
  const name = cleanName(claimed);
  if (name === 'unnamed' && claimed !== 'unnamed') throw new BadInput('A file needs a name.');
  return name;
}
