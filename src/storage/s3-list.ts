import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { fromStore } from './s3-client.ts';
import type { StoredKey } from './storage.ts';

/** Pages of the objects below a prefix, in the size that the store chooses. */
export async function* pages(client: S3Client, Bucket: string, Prefix: string) {
  const found = paginateListObjectsV2({ client }, { Bucket, Prefix })[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await fromStore(found.next());
    if (done) return;
    yield value;
  }
}

/** The objects below a prefix, their keys without it. */
export async function* keysBelow(client: S3Client, Bucket: string, prefix: string): AsyncGenerator<StoredKey> {
  for await (const { Contents = [] } of pages(client, Bucket, prefix)) {
    for (const { Key = '', Size = 0, LastModified = new Date(0) } of Contents)
      yield { key: Key.slice(prefix.length), size: Size, storedAt: LastModified };
  }
}

/** Aborts multipart uploads below a prefix that began before a moment. Returns how many. */
export async function abortUploads(client: S3Client, Bucket: string, prefix: string, before: Date): Promise<number> {
  let count = 0;
  for await (const { Key, UploadId } of unfinishedUploads(client, Bucket, prefix, before)) {
    const aborted = client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    // Another sweep at the same moment may have aborted it.
    const isOurs = await fromStore(aborted.then(() => true, isGone));
    if (isOurs) count += 1;
  }
  return count;
}

/** Removes the objects below a prefix that were stored before a moment. Returns how many. */
export async function removeOld(client: S3Client, Bucket: string, prefix: string, before: Date): Promise<number> {
  let count = 0;
  for await (const { key, storedAt } of keysBelow(client, Bucket, prefix)) {
    if (storedAt >= before) continue;
    await fromStore(client.send(new DeleteObjectCommand({ Bucket, Key: prefix + key })));
    count += 1;
  }
  return count;
}

/** False for an upload that no longer exists; throws any other error. */
export function isGone(error: Error): false {
  if (error.name === 'NoSuchUpload') return false;
  throw error;
}

async function* unfinishedUploads(client: S3Client, Bucket: string, Prefix: string, before: Date) {
  let from: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await fromStore(client.send(new ListMultipartUploadsCommand({ Bucket, Prefix, ...from })));
    for (const { Key, UploadId, Initiated } of page.Uploads ?? [])
      if (Initiated && Initiated < before) yield { Key, UploadId };
    if (!page.IsTruncated) return;
    from = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}
