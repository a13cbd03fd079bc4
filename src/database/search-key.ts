/**
 * A text as names and titles are compared and sorted: composed (NFC), and with upper and lower case as one. Case is
 * folded letter by letter and never by what stands beside a letter: `toLowerCase` writes the last Σ of a word as ς, so
 * that a part of the word would not be found in it.
 * https://www.unicode.org/versions/latest/core-spec/chapter-5/#G21790
 */
export function searchKey(text: string): string {
  return isAscii(text) ? text.toLowerCase() : Array.from(text.normalize('NFC'), fold).join('').normalize('NFC');
}

/** By way of upper case, which is one for σ and ς; where that is several letters, as of ß, the letter stays its own. */
function fold(letter: string): string {
  const upper = letter.toUpperCase();
  return (upper.length === letter.length ? upper : letter).toLowerCase();
}

const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;
