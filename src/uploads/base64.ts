/**
 * Decodes files that are given inline, as base64. A text has up to tens of megabytes, so it is
 * decoded by one loop or by Node: a regular expression that removes line breaks from it would block
 * the server for seconds.
 */

const SKIPPED = 1;
const DIGIT = 2;

/** The kind of each ASCII character: a digit of base64, white space, or 0 for neither. */
const kinds = new Uint8Array(128);
for (const digit of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
  kinds[digit.charCodeAt(0)] = DIGIT;
for (const space of ' \t\n\v\f\r') kinds[space.charCodeAt(0)] = SKIPPED;

const PADDING = '='.charCodeAt(0);

/**
 * Decodes https://www.rfc-editor.org/rfc/rfc4648#section-4 with or without padding, and skips ASCII
 * white space. Undefined for any other text.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (isCanonical(text, bytes)) return bytes;
  let digits = 0;
  let padding = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const kind = unit < kinds.length ? kinds[unit] : 0;
    if (kind === SKIPPED) continue;
    if (unit === PADDING) padding += 1;
    else if (kind !== DIGIT || padding > 0) return undefined;
    else digits += 1;
  }
  const isWhole = padding === 0 ? digits % 4 !== 1 : padding <= 2 && (digits + padding) % 4 === 0;
  return isWhole ? bytes : undefined;
}

/** Decodes all digits of base64 in a text, and skips every other character, padding included. */
export function decodeBase64Leniently(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (isCanonical(text, bytes)) return bytes;
  const ascii = Buffer.from(text);
  let digits = 0;
  for (let index = 0; index < ascii.length; index++) {
    const byte = ascii[index] as number;
    if (byte < kinds.length && kinds[byte] === DIGIT) ascii[digits++] = byte;
  }
  return Buffer.from(ascii.toString('latin1', 0, digits), 'base64');
}

/**
 * Whether a text is what Node encodes the bytes to, as most texts are. Node's decoder accepts
 * nearly anything (it stops at padding, skips unknown characters, and accepts the URL alphabet), so
 * its result is only right for these. Comparing is cheaper than the loop above.
 */
const isCanonical = (text: string, bytes: Buffer): boolean => bytes.toString('base64') === text;
