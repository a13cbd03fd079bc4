import { createHash } from 'node:crypto';
import { Utf8Check } from './utf8.ts';

/**
 * Computes the hash of a file and whether it is UTF-8 while its bytes arrive. It stores none of
 * them.
 */
export class ContentScan {
  readonly #hash = createHash('sha256');
  readonly #utf8 = new Utf8Check();

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#utf8.write(chunk);
  }

  /** Returns the SHA-256 in hexadecimal, and whether all bytes are UTF-8. To be called once. */
  result(): { sha256: string; isUtf8: boolean } {
    return { sha256: this.#hash.digest('hex'), isUtf8: this.#utf8.isUtf8 };
  }
}
