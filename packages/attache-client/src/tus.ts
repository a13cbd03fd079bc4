import { HttpError } from './errors.ts';
import { Requests } from './requests.ts';
import type { HttpRequest, HttpResponse } from './send.ts';
import { storedLocation, type UploadLocation, uploadsUrl } from './upload-location.ts';
import { randomKey, type TransferOptions, type UploadServer } from './upload-server.ts';

export type { HttpRequest, HttpResponse } from './send.ts';
export type { UploadLocation } from './upload-location.ts';

const CHUNK_SIZE = 16 * 1024 ** 2;
/** The offset is another one, or another request is still sending to the upload. */
const CONFLICT = 409;
/** The upload has expired, or was deleted. */
const GONE = new Set([404, 410]);
const VERSION = { 'tus-resumable': '1.0.0' };
const CONTENT = { 'content-type': 'application/offset+octet-stream' };

export interface TusOptions extends TransferOptions {
  /** Without it, an upload that is aborted is deleted on the server. */
  location?: UploadLocation | undefined;
  /** Called whenever the server has stored more bytes, with their number. */
  onStored?: ((bytes: number) => void) | undefined;
  /** Called when an attempt continues an upload, with the bytes that the server has. */
  onResume?: ((bytes: number) => void) | undefined;
}

/**
 * Uploads one file by tus, and returns its id, such as `File:42`. After a lost connection it
 * continues at the last byte that the server has stored.
 * https://tus.io/protocols/resumable-upload
 */
export async function uploadByTus(
  server: UploadServer,
  file: Blob,
  metadata: Record<string, string>,
  options: TusOptions = {},
): Promise<string> {
  const { location = storedLocation(server, file, metadata) } = options;
  const requests = new Requests(server, options);
  const upload = new TusUpload(server, file, metadata, requests, { ...options, location });
  try {
    return await requests.repeat((advanced) => upload.continue(advanced), true);
  } catch (error) {
    await upload.discard();
    throw error;
  }
}

/** Deletes an unfinished upload. The server deletes it later if this fails. */
export async function deleteUpload(server: UploadServer, url: string): Promise<void> {
  const requests = new Requests({ ...server, retries: 0 }, {});
  const attempt = async () => {
    const response = await requests.send({ url, headers: VERSION, method: 'DELETE' });
    if (response.status >= 300) throw new HttpError(response);
  };
  await requests.repeat(attempt, true).catch(() => {});
}

class TusUpload {
  readonly #server: UploadServer;
  readonly #file: Blob;
  readonly #metadata: Record<string, string>;
  readonly #requests: Requests;
  readonly #options: TusOptions;
  readonly #endpoint: string;
  #location: string | undefined;
  /** The most bytes that the server has reported as stored. */
  #stored = 0;
  /** The key of a creation with all bytes, which may store a file before its response is lost. */
  #creationKey: string | undefined;

  constructor(
    server: UploadServer,
    file: Blob,
    metadata: Record<string, string>,
    requests: Requests,
    options: TusOptions,
  ) {
    this.#server = server;
    this.#file = file;
    this.#metadata = metadata;
    this.#requests = requests;
    this.#options = options;
    this.#endpoint = uploadsUrl(server.url);
    this.#location = options.location?.get();
  }

  /** Sends what the server does not have yet. Returns the id of the file. */
  async continue(advanced: () => void): Promise<string> {
    let position = await this.#begin();
    for (;;) {
      // Bytes that were sent are no progress: the server may fail at the end of each request.
      if (position.offset > this.#stored) {
        this.#stored = position.offset;
        advanced();
        this.#options.onStored?.(position.offset);
      }
      this.#options.onProgress?.(position.offset, this.#file.size);
      if (position.fileId !== undefined) break;
      position = await this.#sendChunk(position.offset);
    }
    this.#options.location?.remove();
    return position.fileId;
  }

  /** The position of the upload, or of a new one in place of one that has expired. */
  async #begin(): Promise<Position> {
    if (this.#location === undefined) return this.#create();
    try {
      const position = await this.#position();
      if (position.offset > 0) this.#options.onResume?.(position.offset);
      return position;
    } catch (error) {
      if (this.#location !== undefined) throw error;
      return this.#create();
    }
  }

  /** Deletes an upload that cannot be resumed: it would count as unfinished for a day. */
  async discard(): Promise<void> {
    if (this.#location === undefined || this.#isResumable()) return;
    try {
      // Its last bytes may have arrived: an idempotency key has to find it then. The signal of the
      // upload may be aborted.
      const requests = new Requests(this.#server, {});
      const { header } = await requests.send({ url: this.#location, headers: VERSION, method: 'HEAD' });
      if (header('attache-file-id') === null) await deleteUpload(this.#server, this.#location);
    } catch {
      // The connection is lost.
    }
  }

  /** Whether a later call finds the upload: by its location, or its key unless it was aborted. */
  #isResumable(): boolean {
    if (this.#options.location) return true;
    return this.#metadata.idempotencyKey !== undefined && !this.#options.signal?.aborted;
  }

  async #create(): Promise<Position> {
    const { size } = this.#file;
    const canBeWhole = size > 0 && size <= (this.#server.maxCreationSize ?? 0);
    // Repeated without the bytes: the server returns the upload of the key, which may have them.
    const isWhole = canBeWhole && this.#creationKey === undefined;
    if (canBeWhole) this.#creationKey ??= this.#metadata.idempotencyKey ?? randomKey();
    const idempotencyKey = this.#creationKey ?? this.#metadata.idempotencyKey;
    const metadata = idempotencyKey === undefined ? this.#metadata : { ...this.#metadata, idempotencyKey };
    const headers = { 'upload-length': String(size), 'upload-metadata': encodeMetadata(metadata) };
    const response = await this.#send({
      method: 'POST',
      url: this.#endpoint,
      headers: isWhole ? { ...headers, ...CONTENT } : headers,
      ...(isWhole && { body: this.#file, onSent: this.#onSent(0) }),
    });
    this.#location = new URL(response.header('location') ?? '', this.#endpoint).href;
    this.#options.location?.set(this.#location);
    // With the idempotency key of an earlier upload, the server returns that one.
    return positionIn(response);
  }

  async #position(): Promise<Position> {
    return positionIn(await this.#send({ method: 'HEAD', url: this.#location as string, headers: {} }));
  }

  async #sendChunk(offset: number): Promise<Position> {
    const end = Math.min(this.#file.size, offset + (this.#server.chunkSize ?? CHUNK_SIZE));
    const headers = { ...CONTENT, 'upload-offset': String(offset) };
    const body = this.#file.slice(offset, end);
    const onSent = this.#onSent(offset);
    try {
      return positionIn(await this.#send({ method: 'PATCH', url: this.#location as string, headers, body, onSent }));
    } catch (error) {
      // Browsers repeat a request themselves when the connection was lost before the response. The
      // chunk may have been stored the first time.
      if (!(error instanceof HttpError && error.status === CONFLICT)) throw error;
      const position = await this.#position();
      if (position.offset === offset && position.fileId === undefined) throw error;
      return position;
    }
  }

  #onSent(offset: number): ((bytes: number) => void) | undefined {
    const { onProgress } = this.#options;
    return onProgress && ((bytes) => onProgress(offset + bytes, this.#file.size));
  }

  async #send(request: Omit<HttpRequest, 'signal'>): Promise<HttpResponse> {
    const response = await this.#requests.send({ ...request, headers: { ...VERSION, ...request.headers } });
    const { status } = response;
    if (status < 300) return response;
    if (request.method === 'POST') throw new HttpError(response);
    if (status === CONFLICT) throw new HttpError(response, 'UPLOAD_LOCKED');
    if (!GONE.has(status)) throw new HttpError(response);
    this.#location = undefined;
    this.#options.location?.remove();
    throw new HttpError(response, 'UPLOAD_EXPIRED');
  }
}

interface Position {
  /** The number of bytes that the server has stored. */
  offset: number;
  /** The id of the file, once all bytes are there. */
  fileId: string | undefined;
}

const positionIn = ({ header }: HttpResponse): Position => ({
  offset: Number(header('upload-offset')),
  fileId: header('attache-file-id') ?? undefined,
});

/** `key base64(value)`, separated by commas. */
function encodeMetadata(metadata: Record<string, string>): string {
  const encode = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  return Object.entries(metadata)
    .map(([key, value]) => `${key} ${encode(value)}`)
    .join(',');
}
