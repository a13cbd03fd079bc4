import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { BlobMissingError } from '../errors.ts';
import { fromStore, isMissing } from './s3-client.ts';
import type { S3Location } from './s3-url.ts';
import { type StoredStream, sendStream, streamChunks } from './send-stream.ts';
import type { ByteRange, StoredBlob } from './storage.ts';

/** From where objects are read. */
export interface S3Reading extends Pick<S3Location, 'bucket' | 'timeoutMs'> {
  client: S3Client;
}

/** The size of an object in bytes; undefined when there is none. */
export async function sizeOf(client: S3Client, Bucket: string, Key: string): Promise<number | undefined> {
  try {
    return (await fromStore(client.send(new HeadObjectCommand({ Bucket, Key })))).ContentLength ?? 0;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Opens an object, if it exists. */
export async function openObject(place: S3Reading, Key: string): Promise<StoredBlob | undefined> {
  const size = await sizeOf(place.client, place.bucket, Key);
  if (size === undefined) return undefined;
  return {
    size,
    async send(destination, range) {
      if (range.end >= range.start) await sendStream(await get(place, Key, range), destination);
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** Reads the first `length` bytes of an object. Throws `BlobMissingError`. */
export async function* readObject(place: S3Reading, Key: string, length: number): AsyncGenerator<Uint8Array> {
  if (length > 0) yield* streamChunks(await get(place, Key, { start: 0, end: length - 1 }));
}

/** Requests a range of an object. Throws `BlobMissingError`. */
async function get(
  { client, bucket: Bucket, timeoutMs }: S3Reading,
  Key: string,
  { start, end }: ByteRange,
): Promise<StoredStream> {
  const Range = `bytes=${start}-${end}`;
  const { Body } = await fromStore(client.send(new GetObjectCommand({ Bucket, Key, Range }))).catch((cause) => {
    throw isMissing(cause) ? new BlobMissingError(Key, { cause }) : cause;
  });
  return { stream: Body as Readable, length: end - start + 1, timeoutMs };
}
