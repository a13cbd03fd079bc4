import type { IncomingMessage } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { processRequest, type Upload } from 'graphql-upload-minimal';
import type { Limits } from '../../context.ts';
import { excerpt } from '../../errors.ts';
import type { ByteAllowance } from '../../uploads/byte-allowance.ts';
import type { CreateReceiver, ReceiveOutcome } from '../../uploads/receive.ts';
import type { BodyBudget } from '../body/body-budget.ts';
import { assertJsonBounds, GRAPHQL_JSON } from '../body/json-body.ts';
import { type Pace, TransferClock } from '../body/transfer-clock.ts';
import { asRequestError, malformed, requestError } from './errors.ts';
import { FilePart, type PartHeader } from './file-part.ts';
import { checkedKeys } from './map.ts';
import { partContentTypes } from './part-headers.ts';

/** More than a part's header can have: the parser refuses longer ones. */
const MAX_PART_HEADER = 16 * 1024;
/** Room for fields is reserved in steps of so many bytes: two chunks, as many as wait for a file. */
const RESERVED_STEP = 128 * 1024;
/** What stands before the first part and behind the last. */
const MAX_STRAY_BYTES = 1024 * 1024;

export interface MultipartFormOptions {
  /** Begins to receive a file. */
  createReceiver: CreateReceiver;
  limits: Limits;
  /** Bytes of `operations` and of `map`. */
  maxFieldSize: number;
  /** How slowly a client may send it while the server is ready to read. */
  pace: Pace;
  /** Where room is reserved for the fields, which are held whole. */
  budget: BodyBudget;
}

/**
 * One multipart request (https://github.com/jaydenseric/graphql-multipart-request-spec).
 *
 * graphql-upload-minimal parses it; this class decides when bytes flow and where they go, in three phases:
 *
 * 1. `operations()` feeds the parser until both fields were read, and stops at the first file. A query that fails
 *    before it asks for a file costs no byte of any.
 * 2. The first `receive()` opens the gate. From then on parts are taken in the order of the body, whoever asked for
 *    which, each into a receiver of its own; so no order of asking can make the request wait for itself.
 * 3. When the form is complete (its closing boundary was read), every `receive()` is answered. A form that breaks
 *    before that fails as a whole, so a file is kept only if its request was.
 *
 * Disposing of it removes what nobody adopted.
 */
export class MultipartForm implements AsyncDisposable {
  readonly #request: IncomingMessage;
  readonly #options: MultipartFormOptions;
  readonly #parts = new Map<string, FilePart>();
  readonly #complete = Promise.withResolvers<void>();
  readonly #clock: TransferClock;
  readonly #userId: number;
  #timer: NodeJS.Timeout;
  #parser: Writable | undefined;
  /** The names of the parts that `map` speaks of; undefined until it was read. */
  #expected: ReadonlySet<string> | undefined;
  #gateOpen = false;
  #over = false;
  #failure: unknown;
  #waiting = 0;
  /** Bytes of the body, and those of them that were the content of expected files. */
  #received = 0;
  #taken = 0;
  #reserved = 0;
  readonly #maxBesideFiles: number;
  /** A part that nobody expects is skipped by the parser at its own pace, and its bytes are not ours to free. */
  #hasStrangers = false;

  constructor(request: IncomingMessage, userId: number, options: MultipartFormOptions) {
    this.#request = request;
    this.#userId = userId;
    this.#options = options;
    this.#maxBesideFiles = 2 * options.maxFieldSize + options.limits.maxFiles * MAX_PART_HEADER + MAX_STRAY_BYTES;
    this.#complete.promise.catch(() => {}); // told to those who receive; there may be none
    this.#clock = new TransferClock(options.pace);
    this.#timer = setTimeout(() => this.#onTimer(), this.#clock.remainingMs);
  }

  /** The GraphQL request in the form, with an `Upload` in the place of each file. */
  async operations(): Promise<unknown> {
    // The parser wants its content type in lower case, and of a request no more than these members.
    const contentType = (this.#request.headers['content-type'] ?? '').replace(
      /^\s*multipart\/form-data\s*/i,
      'multipart/form-data',
    );
    const nothing = () => {};
    const source = {
      headers: { ...this.#request.headers, 'content-type': contentType },
      pipe: (parser: Writable) => this.#attach(parser),
      unpipe: nothing,
      once: nothing,
      resume: nothing,
    };
    const { maxFieldSize, limits } = this.#options;
    try {
      // The parser takes a field that fills its limit for one that was cut.
      const options = { maxFieldSize: maxFieldSize + 1, maxFiles: limits.maxFiles };
      return await processRequest(source as never, undefined as never, options);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Takes the file, within the allowance if any; see phases 2 and 3. Rejects when the request as a whole cannot be read. */
  async receive(upload: Upload, allowance?: ByteAllowance): Promise<ReceiveOutcome> {
    this.#openGate();
    const { fieldName } = await upload.promise.catch((error) => {
      throw this.#fail(error);
    });
    // Its header was parsed just now: no more of it has come than one chunk of the body.
    if (allowance) this.#parts.get(fieldName)?.limitTo(allowance);
    await this.#complete.promise;
    return (this.#parts.get(fieldName) as FilePart).result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#over) this.#fail(new Error('The request has ended.'));
    for (const part of this.#parts.values()) await part[Symbol.asyncDispose]();
  }

  #attach(parser: Writable): void {
    this.#parser = parser;
    // For as long as the parser lives: it may fail twice, and an error that nobody listens to ends the process.
    parser.on('error', (error) => this.#fail(error));
    parser.once('close', () => this.#onClose());
    this.#checkFieldsOf(parser);
    const contentType = partContentTypes(parser);
    parser.on('file', (name: string, stream: Readable, { filename }: PartHeader) =>
      this.#onPart(name, stream, { filename, contentType: contentType() }),
    );
    this.#request.on('data', (chunk: Buffer) => this.#onData(chunk));
    this.#clock.wait();
    this.#request.once('end', () => this.#over || parser.end());
    this.#request.on('error', (error) => this.#fail(error));
    // What had come whole, but was not read yet, is gone with the connection, too.
    const gone = () => this.#request.readableEnded || this.#fail(new Error('The client went away.'));
    this.#request.once('close', gone);
    // It may have gone before anybody looked.
    if (this.#request.destroyed) gone();
  }

  #onData(chunk: Buffer): void {
    if (this.#over || !this.#parser) return;
    this.#clock.received(chunk.length);
    this.#received += chunk.length;
    // A part that nobody expects is skipped, but it may be no more endless than one that somebody does.
    const most = this.#maxBesideFiles + (this.#expected ? this.#options.limits.maxFileSize : 0);
    if (this.#received - this.#taken > most) {
      this.#fail(malformed(`it has more than ${most} bytes that belong to no expected file.`));
      return;
    }
    this.#parser.write(chunk, () => this.#flow());
    this.#takeParts();
    this.#reserve(this.#received - this.#taken);
    this.#free(chunk);
    this.#flow();
  }

  /** Fields are held until the request is answered; room is reserved by the step, so that an upload asks once. */
  #reserve(bytes: number): void {
    if (this.#over || bytes <= this.#reserved) return;
    const more = Math.ceil((bytes - this.#reserved) / RESERVED_STEP) * RESERVED_STEP;
    this.#reserved += more;
    const wait = this.#options.budget.take(this.#request, this.#userId, more);
    if (!wait) return;
    this.#waiting += 1;
    wait.then(
      () => {
        this.#waiting -= 1;
        this.#flow();
      },
      (error) => this.#fail(error),
    );
  }

  /**
   * Looks at `map` before the library does. It would set what any path leads to, which could be a method that the
   * whole process shares, or the three hundred millionth item of a list.
   */
  #checkFieldsOf(parser: Writable): void {
    const theirs = parser.listeners('field');
    parser.removeAllListeners('field');
    let operations = '';
    parser.on('field', (name: string, text: string, info: unknown) => {
      if (this.#over) return;
      const value = text.replace(/^\uFEFF/, ''); // a byte order mark, as in any other JSON
      try {
        if (name === 'operations' || name === 'map') assertJsonBounds(value, GRAPHQL_JSON);
        if (name === 'operations') operations = value;
        if (name === 'map') this.#expected ??= checkedKeys(operations, value, this.#options.limits.maxFiles);
      } catch (error) {
        this.#fail(error);
        return;
      }
      for (const listener of theirs) listener.call(parser, name, value, info);
    });
  }

  #onPart(name: string, stream: Readable, header: PartHeader): void {
    stream.on('error', () => {}); // told by the parser
    if (this.#over) return;
    if (!this.#expected?.has(name)) this.#hasStrangers = true;
    else if (this.#parts.has(name)) this.#fail(malformed(`The form has two parts named '${excerpt(name)}'.`));
    else this.#parts.set(name, new FilePart(stream, header));
  }

  /** Moves what the parser has found of the files to where they go, at once, so that the chunk can be freed. */
  #takeParts(): void {
    if (!this.#gateOpen) return;
    const { createReceiver } = this.#options;
    for (const part of this.#parts.values()) {
      this.#taken += part.take(createReceiver, (drained) => {
        this.#waiting += 1;
        void drained.then(() => {
          this.#waiting -= 1;
          this.#flow();
        });
      });
    }
    this.#settleEarly();
  }

  #openGate(): void {
    if (this.#gateOpen || this.#over) return;
    this.#gateOpen = true;
    this.#takeParts();
    this.#flow();
  }

  /** Reads on, unless somebody has to catch up first. */
  #flow(): void {
    if (this.#over) return;
    const gateHolds = !this.#gateOpen && this.#parts.size > 0;
    const parserBusy = (this.#parser?.writableLength ?? 0) > 0;
    if (gateHolds || parserBusy || this.#waiting > 0) {
      this.#clock.stop();
      this.#request.pause();
    } else {
      this.#clock.wait();
      this.#request.resume();
    }
  }

  #onClose(): void {
    const missing = [...(this.#expected ?? [])].filter((name) => !this.#parts.has(name));
    if (missing.length > 0)
      this.#fail(malformed(`'map' speaks of the part '${excerpt(missing[0] as string)}', and the form has none.`));
    else this.#settle();
  }

  /** When all that is left to read are the bytes of files that have failed already, the answer need not wait for them. */
  #settleEarly(): void {
    const parts = [...this.#parts.values()];
    if (parts.length !== this.#expected?.size) return;
    if (!parts.every((part) => part.ended || part.failed) || parts.every((part) => part.ended)) return;
    for (const part of parts) part.end();
    this.#settle();
    this.#parser?.destroy();
  }

  #settle(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#complete.resolve();
  }

  /** Ends the form as a whole, once; answers the error that clients are told: the first. */
  #fail(cause: unknown): unknown {
    if (this.#failure) return this.#failure;
    const error = asRequestError(cause);
    if (this.#over) return error;
    this.#failure = error;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#complete.reject(error);
    for (const part of this.#parts.values()) part.break(error);
    this.#parser?.destroy(error instanceof Error ? error : undefined);
    return error;
  }

  /** Time that the client spends waiting for us is not its own. */
  #onTimer(): void {
    const remaining = this.#clock.remainingMs;
    if (remaining <= 0) this.#fail(requestError(this.#clock.reason, 408, 'REQUEST_TIMEOUT'));
    else this.#timer = setTimeout(() => this.#onTimer(), remaining);
  }

  /**
   * Frees the memory of a chunk whose bytes have all been copied. Left to the garbage collector, the chunks of a fast
   * upload pile up by the dozen megabytes before it looks at them. A chunk that shares its memory is left alone, and so
   * is one of which the parser or a part may still hold a piece.
   */
  #free(chunk: Buffer): void {
    if (!this.#expected || !this.#gateOpen || this.#hasStrangers || this.#over) return;
    if (this.#parser?.writableLength !== 0) return;
    for (const part of this.#parts.values()) if (part.holdsBytes) return;
    const memory = chunk.buffer as ArrayBuffer;
    if (chunk.byteOffset === 0 && memory.byteLength === chunk.length) memory.transfer(0);
  }
}
