import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Limits } from '../../context.ts';
import { type AttacheError, BadUserInputError, PayloadTooLargeError } from '../../errors.ts';
import type { CreateReceiver, ReceiveOutcome } from '../../uploads/receive.ts';
import type { BodyBudget } from '../body/body-budget.ts';
import { chunksOf } from '../body/read-body.ts';
import type { Pace } from '../body/transfer-clock.ts';
import { FilePart, type PartHeader } from './file-part.ts';
import { partContentTypes } from './part-headers.ts';

const MAX_FIELDS = 1000;
/** Names of fields, headers of parts, and what stands between parts, for all of a form. */
const MAX_BESIDE = 1024 * 1024;
/** Room for fields is reserved in steps of so many bytes. */
const RESERVED_STEP = 64 * 1024;

export interface LegacyFormOptions {
  /** Begins to receive a file. */
  createReceiver: CreateReceiver;
  limits: Limits;
  /** Bytes of all fields. */
  maxFieldSize: number;
  /** How slowly a client may send it. */
  pace: Pace;
  /** Where room is reserved for the fields, which are held whole. */
  budget: BodyBudget;
  /** Who sends it. */
  userId: number;
}

/** A form that came whole. Disposing of it removes the files that no row has adopted. */
export interface LegacyFormData extends AsyncDisposable {
  /** In the order of the form; a name may come again. */
  fields: readonly (readonly [name: string, value: string])[];
  /** In the order of the form, each received, or failed alone. */
  files: readonly FormFile[];
}

export interface FormFile {
  /** Of the field. */
  name: string;
  incoming: ReceiveOutcome;
}

/**
 * Reads `multipart/form-data`, whose files go to the storage while they come, wherever the fields stand among them, or
 * `application/x-www-form-urlencoded`. Files in fields that `isFile` does not name are skipped, and so are file inputs
 * without a file. A form that breaks off fails as a whole. Throws `BadUserInputError`, `PayloadTooLargeError`, `RequestTimeoutError`; then nothing of it is left.
 * https://www.rfc-editor.org/rfc/rfc7578
 */
export async function readLegacyForm(
  request: IncomingMessage,
  options: LegacyFormOptions,
  isFile: (field: string) => boolean = () => true,
): Promise<LegacyFormData> {
  const reading = new FormReading(request, options, isFile);
  try {
    return await reading.result();
  } catch (error) {
    await reading.abort(error);
    throw error;
  }
}

class FormReading {
  readonly #request: IncomingMessage;
  readonly #options: LegacyFormOptions;
  readonly #isFile: (field: string) => boolean;
  readonly #parser: busboy.Busboy;
  readonly #fields: [string, string][] = [];
  readonly #parts: { name: string; part: FilePart }[] = [];
  readonly #closed = Promise.withResolvers<void>();
  #failure: unknown;
  #received = 0;
  #taken = 0;
  #reserved = 0;

  constructor(request: IncomingMessage, options: LegacyFormOptions, isFile: (field: string) => boolean) {
    this.#request = request;
    this.#options = options;
    this.#isFile = isFile;
    this.#parser = this.#openParser();
    this.#closed.promise.catch(() => {}); // told by whoever waits for it, or by what went wrong before
  }

  async result(): Promise<LegacyFormData> {
    for await (const chunk of chunksOf(this.#request, this.#options.pace)) {
      this.#received += chunk.length;
      this.#parser.write(chunk);
      await this.#takeParts();
    }
    this.#parser.end();
    await this.#takeParts();
    await this.#closed.promise;
    const chosen = this.#parts.filter(({ part }) => !part.isEmptyInput);
    const files = await Promise.all(chosen.map(async ({ name, part }) => ({ name, incoming: await part.result })));
    return { fields: this.#fields, files, [Symbol.asyncDispose]: () => this.#dispose() };
  }

  async abort(error: unknown): Promise<void> {
    this.#parser.destroy();
    for (const { part } of this.#parts) part.break(error);
    await this.#dispose();
  }

  #openParser(): busboy.Busboy {
    const { limits, maxFieldSize } = this.#options;
    let parser: busboy.Busboy;
    try {
      parser = busboy({
        headers: this.#request.headers,
        defParamCharset: 'utf8',
        limits: { files: limits.maxFiles, fields: MAX_FIELDS, fieldSize: maxFieldSize, fieldNameSize: 1000 },
      });
    } catch (cause) {
      throw new BadUserInputError(`The form cannot be read: ${(cause as Error).message}.`, { cause });
    }
    // For as long as it lives: it may fail twice, and an error that nobody listens to ends the process.
    parser.on('error', (cause) =>
      this.#fail(new BadUserInputError(`The form cannot be read: ${(cause as Error).message}.`, { cause })),
    );
    parser.on('close', this.#closed.resolve);
    parser.on('field', (name, value, { nameTruncated, valueTruncated }) => {
      if (nameTruncated || valueTruncated) this.#fail(tooLong(maxFieldSize));
      this.#fields.push([name, value]);
    });
    const contentType = partContentTypes(parser, { takesNameless: true });
    parser.on('file', (name, stream, { filename }) =>
      this.#onFile(name, stream, { filename, contentType: contentType() }),
    );
    const tooMany = (what: string, limit: number) => () =>
      this.#fail(new PayloadTooLargeError(`A form may have at most ${limit} ${what}.`, limit));
    parser.on('filesLimit', tooMany('files', limits.maxFiles));
    parser.on('fieldsLimit', tooMany('fields', MAX_FIELDS));
    return parser;
  }

  #onFile(name: string, stream: Readable, header: PartHeader): void {
    stream.on('error', () => {}); // told by the parser
    if (this.#isFile(name)) this.#parts.push({ name, part: new FilePart(stream, header) });
    else stream.resume();
  }

  /** Moves what the parser has found of the files to where they go, and waits for whoever cannot keep up. */
  async #takeParts(): Promise<void> {
    const { createReceiver, maxFieldSize } = this.#options;
    const waits: Promise<void>[] = [];
    for (const { part } of this.#parts) this.#taken += part.take(createReceiver, (drained) => waits.push(drained));
    await Promise.all(waits);
    const beside = this.#received - this.#taken;
    // Files that nobody expects, and fields, may be no more endless than others.
    if (beside > maxFieldSize + MAX_BESIDE) this.#fail(tooLong(maxFieldSize));
    if (beside > this.#reserved) await this.#reserve(beside);
    if (this.#failure) throw this.#failure;
  }

  /** Fields are held until the request is answered; by the step, so that an upload asks for room once. */
  async #reserve(bytes: number): Promise<void> {
    const { budget, userId } = this.#options;
    const more = Math.ceil((bytes - this.#reserved) / RESERVED_STEP) * RESERVED_STEP;
    await budget.take(this.#request, userId, more);
    this.#reserved += more;
  }

  #fail(error: AttacheError): void {
    this.#failure ??= error;
    this.#closed.reject(error);
  }

  async #dispose(): Promise<void> {
    for (const { part } of this.#parts) await part[Symbol.asyncDispose]();
  }
}

const tooLong = (limit: number) =>
  new PayloadTooLargeError(`The fields of a form may have at most ${limit} bytes.`, limit);
