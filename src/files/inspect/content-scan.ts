import { createHash } from 'node:crypto';
import { Utf8Check } from './utf8.ts';

/** What is found out of the bytes of a file while they come: each is looked at once, and none is kept. */
export class ContentScan {
  readonly #hash = createHash('sha256');
  readonly #utf8 = new Utf8Check();

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#utf8.write(chunk);
  }

  /** SHA-256 in hex, and whether all bytes are UTF-8. To be called once. */
  result(): { sha256: string; isUtf8: boolean } {
    return { sha256: this.#hash.digest('hex'), isUtf8: this.#utf8.isUtf8 };
  }
}
