import { isUtf8 } from 'node:buffer';

/** The number of first bytes among which a NUL marks a file as binary, as in Git. */
export const TEXT_HEAD_BYTES = 8_000;

const NOTHING = new Uint8Array();

/**
 * Checks whether all bytes of a file are UTF-8 while they arrive, in chunks of any size. After the
 * first invalid bytes, or a NUL among the first bytes, it checks no more.
 */
export class Utf8Check {
  #isUtf8 = true;
  #size = 0;
  /** The incomplete character at the end of the last chunk: at most three bytes. */
  #incomplete: Uint8Array = NOTHING;

  write(chunk: Uint8Array): void {
    if (!this.#isUtf8) return;
    this.#isUtf8 = !this.#isBinary(chunk) && this.#take(chunk);
    this.#size += chunk.length;
  }

  /** Whether all bytes so far are UTF-8. */
  get isUtf8(): boolean {
    return this.#isUtf8 && this.#incomplete.length === 0;
  }

  #isBinary(chunk: Uint8Array): boolean {
    return this.#size < TEXT_HEAD_BYTES && chunk.subarray(0, TEXT_HEAD_BYTES - this.#size).includes(0);
  }

  #take(chunk: Uint8Array): boolean {
    const rest = chunk.subarray(0, missingBytes(this.#incomplete));
    const first =
      rest.length > 0 && this.#incomplete.length > 0 ? Buffer.concat([this.#incomplete, rest]) : this.#incomplete;
    if (missingBytes(first) > 0) {
      this.#incomplete = first;
      return true;
    }
    const others = chunk.subarray(rest.length);
    const end = endOfWholeCharacters(others);
    // A copy: the caller may reuse the memory of the chunk.
    this.#incomplete = Uint8Array.prototype.slice.call(others, end);
    return isUtf8(first) && isUtf8(others.subarray(0, end));
  }
}

/** Whether the bytes are the beginning of a UTF-8 text. They may end within a character. */
export const isUtf8Head = (head: Uint8Array): boolean => isUtf8(head.subarray(0, endOfWholeCharacters(head)));

/**
 * Returns the offset of an incomplete character at the end of the bytes; their length without one.
 */
function endOfWholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number;
    if (isContinuation(byte)) continue;
    return characterLength(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** How many bytes an incomplete character lacks. */
const missingBytes = (incomplete: Uint8Array): number =>
  incomplete.length === 0 ? 0 : characterLength(incomplete[0] as number) - incomplete.length;

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/**
 * How many bytes a character has, by its first byte:
 * https://www.rfc-editor.org/rfc/rfc3629#section-3
 */
function characterLength(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
