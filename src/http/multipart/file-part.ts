import type { Readable } from 'node:stream';
import { AttacheError, BadUserInputError } from '../../errors.ts';
import type { ByteAllowance } from '../../uploads/byte-allowance.ts';
import type { CreateReceiver, FileReceiver, ReceiveOutcome } from '../../uploads/receive.ts';

/** What the header of a file part says. */
export interface PartHeader {
  filename?: string | undefined;
  /** As it was sent; undefined for a part without a `Content-Type`. */
  contentType?: string | undefined;
}

/** One file part of a form, from its header to its end, and what becomes of it. */
export class FilePart implements AsyncDisposable {
  readonly #filename: string;
  readonly #contentType: string;
  readonly #stream: Readable;
  readonly #result = Promise.withResolvers<ReceiveOutcome>();
  #receiver: FileReceiver | undefined;
  #allowance: ByteAllowance | undefined;
  #ended = false;
  #bytes = 0;

  constructor(stream: Readable, { filename = '', contentType = '' }: PartHeader) {
    this.#filename = unescaped(filename);
    this.#contentType = contentType;
    this.#stream = stream;
    this.#result.promise.catch(() => {}); // told to those who ask for it; there may be none
    stream.once('end', () => this.end());
  }

  /** What became of it: it was received, or it failed alone. Rejects when the server could not keep it. */
  get result(): Promise<ReceiveOutcome> {
    return this.#result.promise;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Lets it take no more than others leave of an allowance. */
  limitTo(allowance: ByteAllowance): void {
    this.#allowance = allowance;
    this.#receiver?.limitTo(allowance);
  }

  /** Whether it will not be kept, whatever else comes of it. */
  get failed(): boolean {
    return this.#receiver?.failure !== undefined;
  }

  /**
   * Whether it has neither a name nor bytes, which is what browsers send for a file input without a
   * file. Known when all of it was read.
   * https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-the-form-data-set
   */
  get isEmptyInput(): boolean {
    return this.#filename.trim() === '' && this.#bytes === 0 && this.#stream.readableEnded;
  }

  /** Whether the parser has found bytes of it that nobody took yet. */
  get holdsBytes(): boolean {
    return this.#stream.readableLength > 0;
  }

  /**
   * Moves what the parser has found of it to the storage, and answers how many bytes that was. Where the storage cannot
   * keep up, `wait` is given the promise of when it can.
   */
  take(createReceiver: CreateReceiver, wait: (drained: Promise<void>) => void): number {
    if (this.#ended) return 0;
    this.#receiver ??= this.#open(createReceiver);
    let taken = 0;
    for (let bytes = this.#stream.read(); bytes !== null; bytes = this.#stream.read()) {
      taken += bytes.length;
      this.#bytes += bytes.length;
      if (!this.#receiver.write(bytes)) wait(this.#receiver.drained());
    }
    return taken;
  }

  #open(createReceiver: CreateReceiver): FileReceiver {
    const receiver = createReceiver({ name: this.#filename, contentType: this.#contentType });
    if (this.#allowance) receiver.limitTo(this.#allowance);
    return receiver;
  }

  /** Says that no more of it comes, or need come. */
  end(): void {
    if (this.#ended || !this.#receiver) return;
    this.#ended = true;
    const filename = this.#filename;
    if (this.isEmptyInput) {
      const failure = new BadUserInputError('No file was chosen: the part has neither a name nor bytes. Leave it out.');
      this.#receiver.abort().then(() => this.#result.resolve({ filename, failure }), this.#result.reject);
      return;
    }
    this.#receiver.end().then(
      (file) => this.#result.resolve({ filename, file }),
      (error) => {
        if (error instanceof AttacheError) this.#result.resolve({ filename, failure: error });
        else this.#result.reject(error);
      },
    );
  }

  /** Says that the form broke before the end of this part. */
  break(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    const aborted = this.#receiver?.abort() ?? Promise.resolve();
    aborted.then(() => this.#result.reject(error), this.#result.reject);
  }

  /** Removes what came of it, unless a row adopted that. To be called when it has ended or is broken. */
  async [Symbol.asyncDispose](): Promise<void> {
    const result = await this.result.catch(() => undefined);
    if (result && 'file' in result) await result.file[Symbol.asyncDispose]();
  }
}

/** A double quote and line breaks in names, as https://html.spec.whatwg.org/#multipart-form-data has them escaped. */
function unescaped(filename: string): string {
  return filename.replace(/%22|%0D|%0A/gi, decodeURIComponent);
}
