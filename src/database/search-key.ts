/**
 * A text as names and titles are compared and sorted: composed (NFC), with case folded. Case is
 * folded letter by letter, without regard to the letters beside it: `toLowerCase` writes the last Σ
 * of a word as ς, so that a part of the word would not be found in it.
 * https://www.unicode.org/versions/latest/core-spec/chapter-5/#G21790
 */
export function searchKey(text: string): string {
  return isAscii(text) ? text.toLowerCase() : Array.from(text.normalize('NFC'), fold).join('').normalize('NFC');
}

/**
 * Via upper case, which is the same for σ and ς; a letter whose upper case is several letters, such
 * as ß, is kept.
 */
function fold(letter: string): string {
  const upper = letter.toUpperCase();
  return (upper.length === letter.length ? upper : letter).toLowerCase();
}

const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;
