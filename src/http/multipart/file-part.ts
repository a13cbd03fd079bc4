import type { Readable } from 'node:stream';
import { AttacheError, BadUserInputError } from '../../errors.ts';
import type { ByteAllowance } from '../../uploads/byte-allowance.ts';
import type { CreateReceiver, FileReceiver, ReceiveOutcome } from '../../uploads/receive.ts';
import type { PartHeader } from './part-headers.ts';

/** One file part of a form: receives its bytes, and holds the outcome. */
export class FilePart implements AsyncDisposable {
  readonly #filename: string;
  readonly #contentType: string;
  readonly #stream: Readable;
  readonly #result = Promise.withResolvers<ReceiveOutcome>();
  #receiver: FileReceiver | undefined;
  #allowance: ByteAllowance | undefined;
  #isEnded = false;
  #receivedBytes = 0;

  constructor(stream: Readable, { filename = '', contentType = '' }: PartHeader) {
    this.#filename = unescapeName(filename);
    this.#contentType = contentType;
    this.#stream = stream;
    this.#result.promise.catch(() => {}); // `result` may never be read
    stream.once('end', () => this.end());
  }

  /** The file, or why it alone failed. Rejects with errors of the storage and of the form. */
  get result(): Promise<ReceiveOutcome> {
    return this.#result.promise;
  }

  /** Whether it accepts no more bytes. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Counts its bytes against an allowance that several files share. */
  limitTo(allowance: ByteAllowance): void {
    this.#allowance = allowance;
    this.#receiver?.limitTo(allowance);
  }

  /** Whether it broke a limit, so that it will not be stored. */
  get hasFailed(): boolean {
    return this.#receiver?.failure !== undefined;
  }

  /**
   * Whether it has neither a name nor bytes: browsers send such a part for a file input without a
   * file. Known once the whole part was read.
   * https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-the-form-data-set
   */
  get isEmptyInput(): boolean {
    return this.#filename.trim() === '' && this.#receivedBytes === 0 && this.#stream.readableEnded;
  }

  /** Whether the parser has found bytes of it that were not transferred yet. */
  get hasBufferedBytes(): boolean {
    return this.#stream.readableLength > 0;
  }

  /**
   * Moves the bytes that the parser has found to the storage, and returns their number. When the
   * storage is slower, `wait` gets a promise that resolves when it is ready for more.
   */
  transfer(createReceiver: CreateReceiver, wait: (drained: Promise<void>) => void): number {
    if (this.#isEnded) return 0;
    this.#receiver ??= this.#createReceiver(createReceiver);
    let transferred = 0;
    for (let bytes = this.#stream.read(); bytes !== null; bytes = this.#stream.read()) {
      transferred += bytes.length;
      this.write(bytes, wait);
    }
    return transferred;
  }

  /** Writes content to the storage that follows what was transferred. `wait` as for `transfer`. */
  write(bytes: Buffer, wait: (drained: Promise<void>) => void): void {
    this.#receivedBytes += bytes.length;
    if (this.#receiver && !this.#receiver.write(bytes)) wait(this.#receiver.drained());
  }

  #createReceiver(createReceiver: CreateReceiver): FileReceiver {
    const receiver = createReceiver({ name: this.#filename, contentType: this.#contentType });
    if (this.#allowance) receiver.limitTo(this.#allowance);
    return receiver;
  }

  /** Ends the part: it is complete, or has failed and needs no more bytes. */
  end(): void {
    if (this.#isEnded || !this.#receiver) return;
    this.#isEnded = true;
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

  /** Rejects `result`, because the form failed before the end of this part. */
  abort(error: unknown): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const aborted = this.#receiver?.abort() ?? Promise.resolve();
    aborted.then(() => this.#result.reject(error), this.#result.reject);
  }

  /** Removes the file, unless a row refers to it. Call it after the part was ended or aborted. */
  async [Symbol.asyncDispose](): Promise<void> {
    const result = await this.result.catch(() => undefined);
    if (result && 'file' in result) await result.file[Symbol.asyncDispose]();
  }
}

/** Browsers escape `"`, CR and LF in names: https://html.spec.whatwg.org/#multipart-form-data */
function unescapeName(filename: string): string {
  return filename.replace(/%22|%0D|%0A/gi, decodeURIComponent);
}
