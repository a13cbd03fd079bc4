import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import { type AttacheError, BadUserInputError, PayloadTooLargeError } from '../../errors.ts';
import type { ReceiveOutcome } from '../../uploads/receive.ts';
import { readChunks } from '../body/read-body.ts';
import { FieldMemory } from './field-memory.ts';
import { FilePart } from './file-part.ts';
import type { FormOptions } from './form-options.ts';
import { onFilePart, type PartHeader } from './part-headers.ts';

const MAX_FIELDS = 1000;
/** The most bytes of field names, part headers and boundaries, in all of a form. */
const MAX_OVERHEAD = 1024 * 1024;

export interface LegacyFormOptions extends FormOptions {
  /** The user whose share of `budget` is used. */
  userId: number;
}

/** A complete form. Disposal removes the files that no row refers to. */
export interface LegacyFormData extends AsyncDisposable {
  /** In the order of the form. Names may repeat. */
  fields: readonly (readonly [name: string, value: string])[];
  /** In the order of the form; each was received, or failed alone. */
  files: readonly FormFile[];
}

export interface FormFile {
  /** The name of the form's field. */
  name: string;
  outcome: ReceiveOutcome;
}

/**
 * Reads `multipart/form-data` or `application/x-www-form-urlencoded`. Files are stored while they
 * arrive; fields may stand anywhere among them. Files in fields for which `isFile` is false are
 * skipped, and so are file inputs without a file.
 *
 * Throws `BadUserInputError`, `PayloadTooLargeError`, `RequestTimeoutError` and `RateLimitedError`:
 * the form fails as a whole, and nothing of it is left.
 * https://www.rfc-editor.org/rfc/rfc7578
 */
export async function readLegacyForm(
  request: IncomingMessage,
  options: LegacyFormOptions,
  isFile: (field: string) => boolean = () => true,
): Promise<LegacyFormData> {
  const reader = new LegacyFormReader(request, options, isFile);
  try {
    return await reader.read();
  } catch (error) {
    await reader.abort(error);
    throw error;
  }
}

class LegacyFormReader {
  readonly #request: IncomingMessage;
  readonly #options: LegacyFormOptions;
  readonly #isFile: (field: string) => boolean;
  readonly #parser: busboy.Busboy;
  readonly #fieldMemory: FieldMemory;
  readonly #fields: [string, string][] = [];
  readonly #parts: { name: string; part: FilePart }[] = [];
  readonly #closed = Promise.withResolvers<void>();
  #failure: unknown;
  #receivedBytes = 0;
  /** Those of the received bytes that are the content of files. */
  #fileBytes = 0;

  constructor(request: IncomingMessage, options: LegacyFormOptions, isFile: (field: string) => boolean) {
    this.#request = request;
    this.#options = options;
    this.#isFile = isFile;
    this.#fieldMemory = new FieldMemory(options.budget, request, options.userId);
    this.#parser = this.#createParser();
    this.#closed.promise.catch(() => {}); // not awaited when reading fails before
  }

  async read(): Promise<LegacyFormData> {
    for await (const chunk of readChunks(this.#request, this.#options.pace)) {
      this.#receivedBytes += chunk.length;
      this.#parser.write(chunk);
      await this.#transferParts();
    }
    this.#parser.end();
    await this.#transferParts();
    await this.#closed.promise;
    const chosen = this.#parts.filter(({ part }) => !part.isEmptyInput);
    const files = await Promise.all(chosen.map(async ({ name, part }) => ({ name, outcome: await part.result })));
    return { fields: this.#fields, files, [Symbol.asyncDispose]: () => this.#dispose() };
  }

  async abort(error: unknown): Promise<void> {
    this.#parser.destroy();
    for (const { part } of this.#parts) part.abort(error);
    await this.#dispose();
  }

  #createParser(): busboy.Busboy {
    const { limits, maxFieldSize } = this.#options;
    let parser: busboy.Busboy;
    try {
      parser = busboy({
        headers: this.#request.headers,
        defParamCharset: 'utf8',
        limits: { files: limits.maxFiles, fields: MAX_FIELDS, fieldSize: maxFieldSize, fieldNameSize: 1000 },
      });
    } catch (cause) {
      throw unreadable(cause);
    }
    // Not `once`: the parser may emit a second `error`, which would end the process.
    parser.on('error', (cause) => this.#fail(unreadable(cause)));
    parser.on('close', this.#closed.resolve);
    parser.on('field', (name, value, { nameTruncated, valueTruncated }) => {
      if (nameTruncated || valueTruncated) this.#fail(fieldsTooLarge(maxFieldSize));
      this.#fields.push([name, value]);
    });
    onFilePart(parser, (name, stream, header) => this.#onFile(name, stream, header), { acceptsNameless: true });
    const failTooMany = (what: string, limit: number) => () =>
      this.#fail(new PayloadTooLargeError(`A form may have at most ${limit} ${what}.`, limit));
    parser.on('filesLimit', failTooMany('files', limits.maxFiles));
    parser.on('fieldsLimit', failTooMany('fields', MAX_FIELDS));
    return parser;
  }

  #onFile(name: string, stream: Readable, header: PartHeader): void {
    if (this.#isFile(name)) this.#parts.push({ name, part: new FilePart(stream, header) });
    else stream.resume();
  }

  /** Moves parsed bytes of files to the storage, and waits until it is ready for more. */
  async #transferParts(): Promise<void> {
    const { createReceiver, maxFieldSize } = this.#options;
    const waits: Promise<void>[] = [];
    for (const { part } of this.#parts)
      this.#fileBytes += part.transfer(createReceiver, (drained) => waits.push(drained));
    await Promise.all(waits);
    const bytesBesideFiles = this.#receivedBytes - this.#fileBytes;
    // Skipped files count, too: otherwise they could be endless.
    if (bytesBesideFiles > maxFieldSize + MAX_OVERHEAD) this.#fail(fieldsTooLarge(maxFieldSize));
    const reserved = this.#fieldMemory.growTo(bytesBesideFiles);
    if (reserved) await reserved;
    if (this.#failure) throw this.#failure;
  }

  #fail(error: AttacheError): void {
    this.#failure ??= error;
    this.#closed.reject(error);
  }

  async #dispose(): Promise<void> {
    for (const { part } of this.#parts) await part[Symbol.asyncDispose]();
  }
}

const unreadable = (cause: unknown) =>
  new BadUserInputError(`The form cannot be read: ${(cause as Error).message}.`, { cause });

const fieldsTooLarge = (limit: number) =>
  new PayloadTooLargeError(`The fields of a form may have at most ${limit} bytes.`, limit);
