import { isUtf8 } from 'node:buffer';

/** A NUL among so many first bytes makes a file binary: as many as Git looks at. */
export const TEXT_HEAD_BYTES = 8_000;

const NOTHING = new Uint8Array();

/**
 * Whether all bytes of a text are UTF-8, found out while they come, whatever the size of the chunks. It stops at the
 * first bytes that are not, and for binary files at their beginning.
 */
export class Utf8Check {
  #isUtf8 = true;
  #size = 0;
  /** The beginning of a character that the last chunk ended within: at most three bytes. */
  #begun: Uint8Array = NOTHING;

  write(chunk: Uint8Array): void {
    if (!this.#isUtf8) return;
    this.#isUtf8 = !this.#isBinary(chunk) && this.#take(chunk);
    this.#size += chunk.length;
  }

  /** Of all bytes that have come. */
  get isUtf8(): boolean {
    return this.#isUtf8 && this.#begun.length === 0;
  }

  #isBinary(chunk: Uint8Array): boolean {
    return this.#size < TEXT_HEAD_BYTES && chunk.subarray(0, TEXT_HEAD_BYTES - this.#size).includes(0);
  }

  #take(chunk: Uint8Array): boolean {
    const rest = chunk.subarray(0, missingBytes(this.#begun));
    const first = rest.length > 0 && this.#begun.length > 0 ? Buffer.concat([this.#begun, rest]) : this.#begun;
    if (missingBytes(first) > 0) {
      this.#begun = first;
      return true;
    }
    const others = chunk.subarray(rest.length);
    const end = endOfWholeCharacters(others);
    // A copy: the chunk's memory is the caller's.
    this.#begun = Uint8Array.prototype.slice.call(others, end);
    return isUtf8(first) && isUtf8(others.subarray(0, end));
  }
}

/** Whether the bytes are UTF-8. They may end within a character. */
export const isUtf8Head = (head: Uint8Array): boolean => isUtf8(head.subarray(0, endOfWholeCharacters(head)));

/** Where a character begins that goes on behind the end of the bytes; their end, where none does. */
function endOfWholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number;
    if (isContinuation(byte)) continue;
    return lengthFrom(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** How many bytes the one character lacks that has begun. */
const missingBytes = (begun: Uint8Array): number =>
  begun.length === 0 ? 0 : lengthFrom(begun[0] as number) - begun.length;

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** How many bytes a character has, by its first: https://www.rfc-editor.org/rfc/rfc3629#section-3 */
function lengthFrom(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
