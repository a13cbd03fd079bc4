import { BadUserInputError, type JsonBounds, JsonTooComplexError } from '../../errors.ts';

/** The digits of one number: reading more of them exactly takes time that grows faster than their number. */
const MAX_NUMBER_LENGTH = 1000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Counts the structure of JSON while its bytes come, before any of it is parsed: a short text can hold millions of
 * values, each of which costs many times its length once it is parsed. It does not check that the text is JSON.
 */
export class JsonScanner {
  readonly #bounds: JsonBounds;
  #depth = 0;
  #values = 0;
  #items = 1;
  #isList = false;
  #inString = false;
  /** Whether the bytes so far end in an odd number of backslashes, inside of a string. */
  #isEscaped = false;
  #numberLength = 0;

  constructor(bounds: JsonBounds) {
    this.#bounds = bounds;
  }

  /** Takes the next bytes. Throws `JsonTooComplexError` as soon as a bound is broken, `BadUserInputError` for an endless number. */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at++) {
      if (this.#inString) at = this.#skipString(bytes, at);
      else this.#take(bytes[at] as number);
    }
  }

  #take(byte: number): void {
    if (isOfNumber(byte)) {
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

  /** Each container and each comma is followed by one value at most. */
  #count(isComma = true): void {
    this.#values += 1;
    if (this.#values > this.#bounds.values) throw new JsonTooComplexError('values', this.#bounds.values);
    if (!isComma || this.#depth !== 1 || !this.#isList) return;
    this.#items += 1;
    if (this.#items > this.#bounds.items) throw new JsonTooComplexError('items', this.#bounds.items);
  }

  /** Answers the position of the quote that ends the string, or the end of the bytes. */
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

/** Digits, and what else a number is written with. */
const isOfNumber = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x2d || byte === 0x2b || (byte | 0x20) === 0x65;
