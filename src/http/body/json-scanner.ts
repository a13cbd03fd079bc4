import { BadUserInputError, type JsonBounds, JsonTooComplexError } from '../../errors.ts';

/** The most digits of one number. The time to parse a number grows faster than its length. */
const MAX_NUMBER_LENGTH = 1000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Counts the structure of JSON as its bytes arrive, before any of it is parsed: a short text can
 * hold millions of values, and each takes many times its length in memory once parsed. It does not
 * check that the text is valid JSON.
 */
export class JsonScanner {
  readonly #bounds: JsonBounds;
  #depth = 0;
  #values = 0;
  #items = 1;
  #isList = false;
  #inString = false;
  /** Whether the scanned bytes end in an odd number of backslashes inside a string. */
  #isEscaped = false;
  #numberLength = 0;

  constructor(bounds: JsonBounds) {
    this.#bounds = bounds;
  }

  /**
   * Scans the next bytes. Throws `JsonTooComplexError` as soon as a bound is exceeded, and
   * `BadUserInputError` for a number that is too long.
   */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at++) {
      if (this.#inString) at = this.#skipString(bytes, at);
      else this.#scan(bytes[at] as number);
    }
  }

  #scan(byte: number): void {
    if (isNumberByte(byte)) {
      this.#numberLength += 1;
      if (this.#numberLength > MAX_NUMBER_LENGTH)
        throw new BadUserInputError(`A number in JSON may have at most ${MAX_NUMBER_LENGTH} digits.`);
      return;
    }
    this.#numberLength = 0;
    if (byte === QUOTE) this.#inString = true;
    else if (byte === COMMA) this.#count();
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#open(byte === OPEN_LIST);
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.#depth -= 1;
  }

  #open(isList: boolean): void {
    if (this.#values === 0) this.#isList = isList;
    this.#depth += 1;
    if (this.#depth > this.#bounds.depth) throw new JsonTooComplexError('depth', this.#bounds.depth);
    this.#count(false);
  }

  /** Counts a value: at most one follows each opening bracket and each comma. */
  #count(isComma = true): void {
    this.#values += 1;
    if (this.#values > this.#bounds.values) throw new JsonTooComplexError('values', this.#bounds.values);
    if (!isComma || this.#depth !== 1 || !this.#isList) return;
    this.#items += 1;
    if (this.#items > this.#bounds.items) throw new JsonTooComplexError('items', this.#bounds.items);
  }

  /** Returns the position of the quote that ends the string, or the length of the bytes. */
  #skipString(bytes: Uint8Array, from: number): number {
    let start = from;
    for (;;) {
      const quote = bytes.indexOf(QUOTE, start);
      const end = quote < 0 ? bytes.length : quote;
      let backslashes = 0;
      while (end - 1 - backslashes >= start && bytes[end - 1 - backslashes] === BACKSLASH) backslashes += 1;
      const reachesStart = end - backslashes === start;
      const isEscaped = (backslashes % 2 === 1) !== (reachesStart && this.#isEscaped);
      if (quote < 0) {
        this.#isEscaped = isEscaped;
        return bytes.length;
      }
      this.#isEscaped = false;
      if (!isEscaped) {
        this.#inString = false;
        return quote;
      }
      start = quote + 1;
    }
  }
}

/** Digits, `.`, `-`, `+`, `e` and `E`. */
const isNumberByte = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x2d || byte === 0x2b || (byte | 0x20) === 0x65;
