/**
 * Characters that control a terminal, or that reorder or break a line: names come from others, and
 * `\x1b]0;…` would change the title of the window, or worse.
 * https://www.cve.org/CVERecord?id=CVE-2003-0063
 */
const unsafe = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

const escapeCharacter = (character: string): string => {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u{${code}}`;
};

/** Returns a text that is safe to print on one line of a terminal. */
export const printable = (text: string): string => text.replace(unsafe, escapeCharacter);

/** JSON on one line. `JSON.stringify` leaves some characters that control terminals. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value).replace(unsafe, (character) =>
    Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
