import { HttpError, Requests } from './retry.ts';
import type { HttpResponse } from './send.ts';
import type { TransferOptions, UploadServer } from './upload-server.ts';

const CHUNK_SIZE = 16 * 1024 ** 2;
/** The offset is another one, or another request is still sending to the upload. */
const CONFLICT = 409;
/** The upload has expired, or was deleted. */
const GONE = new Set([404, 410]);
const VERSION = { 'tus-resumable': '1.0.0' };

/**
 * Uploads one file by tus, and returns its id, such as `File:42`. After a lost connection it
 * continues at the last byte that the server has stored.
 * https://tus.io/protocols/resumable-upload
 */
export async function uploadByTus(
  server: UploadServer,
  file: Blob,
  metadata: Record<string, string>,
  options: TransferOptions = {},
): Promise<string> {
  const requests = new Requests(server, options);
  const upload = new TusUpload(server, file, metadata, requests, options);
  try {
    return await requests.repeat(() => upload.continue(), true);
  } catch (error) {
    await upload.discard();
    throw error;
  }
}

class TusUpload {
  readonly #server: UploadServer;
  readonly #file: Blob;
  readonly #metadata: Record<string, string>;
  readonly #requests: Requests;
  readonly #options: TransferOptions;
  readonly #endpoint: string;
  /** Identifies the file and its target, as far as a browser can know. */
  readonly #storageKey: string;
  #location: string | undefined;

  constructor(
    server: UploadServer,
    file: Blob,
    metadata: Record<string, string>,
    requests: Requests,
    options: TransferOptions,
  ) {
    this.#server = server;
    this.#file = file;
    this.#metadata = metadata;
    this.#requests = requests;
    this.#options = options;
    this.#endpoint = server.url.replace(/\/graphql\/?$/, '/uploads');
    const { size, lastModified = 0 } = file as Partial<File>;
    // After a page reload, the same file may have a new key.
    const { idempotencyKey: _, ...target } = metadata;
    this.#storageKey = `attache-upload ${this.#endpoint} ${size} ${lastModified} ${JSON.stringify(target)}`;
    this.#location = server.storage?.getItem(this.#storageKey) ?? undefined;
  }

  /** Sends what the server does not have yet. Returns the id of the file. */
  async continue(): Promise<string> {
    let { offset, fileId } = await this.#begin();
    this.#options.onProgress?.(offset, this.#file.size);
    while (fileId === undefined) {
      ({ offset, fileId } = await this.#sendChunk(offset));
      this.#requests.progressed();
      this.#options.onProgress?.(offset, this.#file.size);
    }
    this.#server.storage?.removeItem(this.#storageKey);
    return fileId;
  }

  /** The position of the upload, or of a new one in place of one that has expired. */
  async #begin(): Promise<Position> {
    if (this.#location === undefined) return this.#create();
    try {
      return await this.#position();
    } catch (error) {
      if (this.#location !== undefined) throw error;
      return this.#create();
    }
  }

  /** Deletes an upload that cannot be resumed: it would count as unfinished for a day. */
  async discard(): Promise<void> {
    if (this.#location === undefined || this.#isResumable()) return;
    // The signal of the upload may be aborted. The server deletes what these requests do not.
    const requests = new Requests(this.#server, {});
    const request = { url: this.#location, headers: VERSION };
    try {
      // Its last bytes may have arrived: an idempotency key has to find it then.
      const { header } = await requests.send({ ...request, method: 'HEAD' });
      if (header('attache-file-id') === null) await requests.send({ ...request, method: 'DELETE' });
    } catch {
      // The connection is lost.
    }
  }

  /** Whether a later call finds the upload: by the storage, or by its key unless it was aborted. */
  #isResumable(): boolean {
    if (this.#server.storage) return true;
    return this.#metadata.idempotencyKey !== undefined && !this.#options.signal?.aborted;
  }

  async #create(): Promise<Position> {
    const response = await this.#send('POST', this.#endpoint, {
      'upload-length': String(this.#file.size),
      'upload-metadata': encodeMetadata(this.#metadata),
    });
    this.#location = new URL(response.header('location') ?? '', this.#endpoint).href;
    this.#server.storage?.setItem(this.#storageKey, this.#location);
    // With the idempotency key of an earlier upload, the server returns that one.
    return positionIn(response);
  }

  async #position(): Promise<Position> {
    return positionIn(await this.#send('HEAD', this.#location as string, {}));
  }

  async #sendChunk(offset: number): Promise<Position> {
    const chunk = this.#file.slice(offset, offset + (this.#server.chunkSize ?? CHUNK_SIZE));
    const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) };
    const { onProgress } = this.#options;
    const onSent = onProgress && ((bytes: number) => onProgress(offset + bytes, this.#file.size));
    try {
      return positionIn(await this.#send('PATCH', this.#location as string, headers, chunk, onSent));
    } catch (error) {
      // Browsers repeat a request themselves when the connection was lost before the response. The
      // chunk may have been stored the first time.
      if (!(error instanceof HttpError && error.status === CONFLICT)) throw error;
      const position = await this.#position();
      if (position.offset === offset && position.fileId === undefined) throw error;
      return position;
    }
  }

  async #send(
    method: string,
    url: string,
    headers: Record<string, string>,
    body?: Blob,
    onSent?: (bytes: number) => void,
  ): Promise<HttpResponse> {
    const response = await this.#requests.send({ url, method, headers: { ...VERSION, ...headers }, body, onSent });
    if (response.status < 300) return response;
    if (method === 'POST') throw new HttpError(response);
    const isGone = GONE.has(response.status);
    if (isGone) this.#forget();
    // The next attempt creates an upload in place of an expired one, and continues a locked one.
    throw new HttpError(response, isGone || response.status === CONFLICT || undefined);
  }

  #forget(): void {
    this.#location = undefined;
    this.#server.storage?.removeItem(this.#storageKey);
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
