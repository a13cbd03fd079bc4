import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { fromStore } from './s3-client.ts';
import { isGone } from './s3-list.ts';

/**
 * Bytes of a part, of which there may be 10,000: files of 78 GiB. A smaller file is sent in one
 * request. All parts but the last have one size, which some stores require:
 * https://developers.cloudflare.com/r2/objects/multipart-objects/#limitations
 */
export const PART_BYTES = 8 * 1024 * 1024;

/**
 * A file up to this size waits in memory until `complete()`, and is sent in one request rather than
 * in three.
 */
const SINGLE_REQUEST_BYTES = 1024 * 1024;

export interface ObjectLocation {
  client: S3Client;
  bucket: string;
  /** The whole key, with its prefix. */
  objectKey: string;
}

/**
 * Sends bytes of unknown length to one object, in constant memory: the part that is filled and the
 * one that is sent. The object does not exist before `complete()`: until then a few bytes wait in
 * memory, and parts wait in the store.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
export class PartsWriter {
  readonly #place: ObjectLocation;
  readonly #parts: CompletedPart[] = [];
  #filling: Buffer[] = [];
  #filled = 0;
  #uploadId: string | undefined;
  /** Sends a part. Never rejects. */
  #sending: Promise<void> | undefined;
  #completing: Promise<unknown> | undefined;
  #failure: unknown;
  #isStopped = false;

  constructor(place: ObjectLocation) {
    this.#place = place;
  }

  write(chunk: Uint8Array): boolean {
    if (this.#failure || this.#isStopped) return true;
    this.#filling.push(Buffer.from(chunk)); // a copy: the chunk's memory is the caller's
    this.#filled += chunk.length;
    if (this.#filled >= PART_BYTES && !this.#sending) this.#sendPart();
    return this.#filled < PART_BYTES;
  }

  async drained(): Promise<void> {
    while (this.#filled >= PART_BYTES && !this.#failure && this.#sending) await this.#sending;
  }

  /**
   * Sends what is left, unless it is little: many files of a request may wait for each other.
   * Rejects with any failure.
   */
  async end(): Promise<void> {
    await this.#sent();
    const isLeft = this.#filled > (this.#uploadId ? 0 : SINGLE_REQUEST_BYTES);
    if (isLeft && !this.#failure && !this.#isStopped) {
      this.#sendPart();
      await this.#sent();
    }
    if (this.#failure) throw this.#failure;
    if (this.#isStopped) throw new Error('The upload was stopped.');
  }

  /** Creates the object. */
  async complete(): Promise<void> {
    const { client, bucket: Bucket, objectKey: Key } = this.#place;
    const UploadId = this.#uploadId;
    const all = UploadId
      ? client.send(
          new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: this.#parts } }),
        )
      : client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.concat(this.#filling) }));
    this.#completing = fromStore<unknown>(all);
    await this.#completing;
    this.#filling = [];
  }

  /** Stops, and removes the parts and the object. */
  async discard(): Promise<void> {
    this.#isStopped = true;
    this.#filling = [];
    this.#filled = 0;
    // A part that arrives after its upload was aborted would stay, and be charged for.
    await this.#sent();
    const isCompleted = await this.#completing?.then(
      () => true,
      () => true, // it may have been completed, and the response lost
    );
    const { client, bucket: Bucket, objectKey: Key } = this.#place;
    if (isCompleted) await fromStore(client.send(new DeleteObjectCommand({ Bucket, Key })));
    const UploadId = this.#uploadId;
    this.#uploadId = undefined;
    if (!UploadId) return;
    const aborted = client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    await fromStore<unknown>(aborted.catch(isGone)); // it was completed, or aborted by a sweep
  }

  /** Fulfils when nothing is being sent: the end of one part may begin the next. */
  async #sent(): Promise<void> {
    while (this.#sending) await this.#sending;
  }

  #sendPart(): void {
    const all = Buffer.concat(this.#filling);
    const body = all.subarray(0, PART_BYTES);
    const rest = all.subarray(PART_BYTES);
    // A copy, so that the part can be freed.
    this.#filling = rest.length > 0 ? [Buffer.from(rest)] : [];
    this.#filled = rest.length;
    this.#sending = this.#send(body)
      .catch((error) => {
        this.#failure ??= error;
      })
      .then(() => {
        this.#sending = undefined;
        if (this.#filled >= PART_BYTES && !this.#failure && !this.#isStopped) this.#sendPart();
      });
  }

  async #send(Body: Buffer): Promise<void> {
    const { client, bucket: Bucket, objectKey: Key } = this.#place;
    if (!this.#uploadId) {
      const { UploadId } = await fromStore(client.send(new CreateMultipartUploadCommand({ Bucket, Key })));
      this.#uploadId = UploadId;
    }
    const PartNumber = this.#parts.length + 1;
    const command = new UploadPartCommand({ Bucket, Key, UploadId: this.#uploadId, PartNumber, Body });
    const { ETag, ChecksumCRC32 } = await fromStore(client.send(command));
    this.#parts.push({ PartNumber, ETag, ...(ChecksumCRC32 ? { ChecksumCRC32 } : {}) });
  }
}
