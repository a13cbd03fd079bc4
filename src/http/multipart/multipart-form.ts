import type { IncomingMessage } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import type { Upload } from 'graphql-upload-minimal';
import { excerpt } from '../../errors.ts';
import type { ByteAllowance } from '../../uploads/byte-allowance.ts';
import type { ReceiveOutcome } from '../../uploads/receive.ts';
import { BodyFlow } from './body-flow.ts';
import { ContentBypass } from './content-bypass.ts';
import { malformed, requestError, toRequestError } from './errors.ts';
import { FieldMemory } from './field-memory.ts';
import type { FormOptions } from './form-options.ts';
import { FormParts } from './form-parts.ts';
import { validateFields } from './map.ts';
import { parseOperations } from './parse-operations.ts';
import { onFilePart, type PartHeader } from './part-headers.ts';

/** The most bytes of the header of one part: the parser refuses longer ones. */
const MAX_PART_HEADER = 16 * 1024;
/** The most bytes before the first part and after the last. */
const MAX_STRAY_BYTES = 1024 * 1024;

/**
 * One multipart request (https://github.com/jaydenseric/graphql-multipart-request-spec).
 *
 * graphql-upload-minimal parses it. This class decides when bytes are read and where they go, in
 * three phases:
 *
 * 1. `operations()` feeds the parser until `operations` and `map` were read, and pauses at the
 *    first file. A query that fails before it uses a file therefore transfers no file.
 * 2. The first `receive()` starts the transfer of files. Parts are then read in the order of the
 *    body, each into its own receiver, whatever the order of the `receive()` calls; so no order of
 *    calls can deadlock the request.
 *    Content goes past the parser, see `ContentBypass`.
 * 3. When the form is complete (its closing boundary was read), every `receive()` resolves. A form
 *    that fails before that fails as a whole, so files are kept only with their request.
 *
 * Disposal removes the files that no row refers to.
 */
export class MultipartForm implements AsyncDisposable {
  readonly #request: IncomingMessage;
  readonly #options: FormOptions;
  readonly #parts = new FormParts();
  readonly #complete = Promise.withResolvers<void>();
  readonly #flow: BodyFlow;
  readonly #fieldMemory: FieldMemory;
  readonly #maxBytesBesideFiles: number;
  readonly #bypass: ContentBypass;
  #parser: Writable | undefined;
  /** Whether `receive` was called. */
  #isReceiving = false;
  /** Whether the form is complete, or failed. */
  #isOver = false;
  #failure: unknown;
  #receivedBytes = 0;
  /** Those of the received bytes that are the content of expected files. */
  #fileBytes = 0;

  constructor(request: IncomingMessage, userId: number, options: FormOptions) {
    this.#request = request;
    this.#options = options;
    this.#fieldMemory = new FieldMemory(options.budget, request, userId);
    this.#maxBytesBesideFiles = 2 * options.maxFieldSize + options.limits.maxFiles * MAX_PART_HEADER + MAX_STRAY_BYTES;
    this.#bypass = new ContentBypass(request.headers['content-type']);
    this.#complete.promise.catch(() => {}); // `receive` may never be called
    this.#flow = new BodyFlow(request, options.pace, {
      onChunk: (chunk) => this.#onChunk(chunk),
      onEnd: () => this.#parser?.end(),
      onError: (error) => this.#fail(error),
      onTimeout: (reason) => this.#fail(requestError(reason, 408, 'REQUEST_TIMEOUT')),
      isBlocked: () => this.#isBlocked(),
    });
  }

  /**
   * The GraphQL request in the form, with an `Upload` in the place of each file. Rejects with the
   * error of the request, which carries the HTTP status.
   */
  async operations(): Promise<unknown> {
    const { maxFieldSize, limits } = this.#options;
    try {
      const { maxFiles } = limits;
      return await parseOperations(this.#request, { maxFieldSize, maxFiles }, (parser) => this.#attach(parser));
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /**
   * Receives the file, within the allowance if there is one; see phases 2 and 3. Rejects with the
   * error of the request when the form fails as a whole.
   */
  async receive(upload: Upload, allowance?: ByteAllowance): Promise<ReceiveOutcome> {
    this.#startReceiving();
    const { fieldName } = await upload.promise.catch((error) => {
      throw this.#fail(error);
    });
    // The part's header was parsed just now, so at most one chunk of the file has been received.
    if (allowance) this.#parts.get(fieldName)?.limitTo(allowance);
    await this.#complete.promise;
    const part = this.#parts.get(fieldName);
    if (!part) throw new Error(`The form has no part '${excerpt(fieldName)}'.`);
    return part.result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOver) this.#fail(new Error('The request has ended.'));
    for (const part of this.#parts.all) await part[Symbol.asyncDispose]();
  }

  #attach(parser: Writable): void {
    this.#parser = parser;
    // Not `once`: the parser may emit a second `error`, which would end the process.
    parser.on('error', (error) => this.#fail(error));
    parser.once('close', () => this.#onParserClose());
    validateFields(parser, {
      maxFiles: this.#options.limits.maxFiles,
      isOver: () => this.#isOver,
      onMap: (names) => this.#parts.expect(names),
      onError: (error) => this.#fail(error),
    });
    onFilePart(parser, (name, stream, header) => this.#onPart(name, stream, header));
    this.#flow.start();
  }

  #onChunk(chunk: Buffer): void {
    const parser = this.#parser;
    if (!parser) return;
    this.#receivedBytes += chunk.length;
    // One unexpected file may be skipped, but it may not be longer than an expected one.
    const limit = this.#maxBytesBesideFiles + (this.#parts.areExpected ? this.#options.limits.maxFileSize : 0);
    if (this.#receivedBytes - this.#fileBytes > limit) {
      this.#fail(malformed(`it has more than ${limit} bytes that belong to no expected file.`));
      return;
    }
    for (let rest = chunk; rest.length > 0 && !this.#isOver; ) rest = this.#read(rest, parser);
    if (this.#isOver) return;
    const reserved = this.#fieldMemory.growTo(this.#receivedBytes - this.#fileBytes);
    if (reserved) this.#flow.waitFor(reserved);
    this.#free(chunk, parser);
  }

  /** Passes or parses bytes of a chunk from its beginning, and returns those that follow them. */
  #read(bytes: Buffer, parser: Writable): Buffer {
    const passed = this.#bypass.pass(bytes, this.#wait);
    this.#fileBytes += passed;
    const rest = bytes.subarray(passed);
    const parsed = rest.subarray(0, this.#bypass.lengthToParse(rest));
    if (parsed.length > 0) parser.write(parsed, () => this.#flow.update());
    this.#transferParts(parsed);
    return rest.subarray(parsed.length);
  }

  #onPart(name: string, stream: Readable, header: PartHeader): void {
    if (this.#isOver) return;
    if (this.#parts.add(name, stream, header)) return;
    this.#fail(malformed(`The form has two parts named '${excerpt(name)}'.`));
  }

  #startReceiving(): void {
    if (this.#isReceiving || this.#isOver) return;
    this.#isReceiving = true;
    this.#transferParts();
    this.#flow.update();
  }

  /** Moves parsed bytes of files to the storage at once, so that their chunk can be freed. */
  #transferParts(parsed?: Buffer): void {
    if (!this.#isReceiving) return;
    for (const part of this.#parts.all) {
      const transferred = part.transfer(this.#options.createReceiver, this.#wait);
      this.#fileBytes += transferred;
      if (parsed && parsed.length > 0 && this.#parser?.writableLength === 0)
        this.#bypass.observe(part, transferred, parsed);
    }
    this.#completeEarly();
  }

  readonly #wait = (drained: Promise<void>) => this.#flow.waitFor(drained);

  #isBlocked(): boolean {
    const isAtFirstFile = !this.#isReceiving && !this.#parts.isEmpty;
    const isParserBusy = (this.#parser?.writableLength ?? 0) > 0;
    return isAtFirstFile || isParserBusy;
  }

  #onParserClose(): void {
    const { missing } = this.#parts;
    if (missing === undefined) this.#succeed();
    else this.#fail(malformed(`'map' names the part '${excerpt(missing)}', which the form does not have.`));
  }

  /** Completes the form without the rest of the body, when only bytes of failed files are left. */
  #completeEarly(): void {
    if (!this.#parts.areDecided) return;
    for (const part of this.#parts.all) part.end();
    this.#succeed();
    this.#parser?.destroy();
  }

  #succeed(): void {
    this.#isOver = true;
    this.#flow.stop();
    this.#complete.resolve();
  }

  /** Fails the form as a whole, once. Returns the error for the client: the first one. */
  #fail(cause: unknown): unknown {
    if (this.#failure) return this.#failure;
    const error = toRequestError(cause);
    if (this.#isOver) return error;
    this.#failure = error;
    this.#isOver = true;
    this.#flow.stop();
    this.#complete.reject(error);
    for (const part of this.#parts.all) part.abort(error);
    this.#parser?.destroy(error instanceof Error ? error : undefined);
    return error;
  }

  /**
   * Frees the memory of a chunk whose bytes were all copied. The garbage collector would let the
   * chunks of a fast upload grow to dozens of megabytes. Skipped for a chunk that shares its
   * memory, and while the parser or a part may still refer to the chunk.
   */
  #free(chunk: Buffer, parser: Writable): void {
    if (!this.#isReceiving || this.#isOver || parser.writableLength !== 0 || this.#parts.mayHoldBytes) return;
    const memory = chunk.buffer as ArrayBuffer;
    if (chunk.byteOffset === 0 && memory.byteLength === chunk.length) memory.transfer(0);
  }
}
