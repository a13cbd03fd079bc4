import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { fromStore } from './s3-client.ts';
import type { StoredKey } from './storage.ts';

/** Objects below a prefix, as many at once as the store likes. */
export async function* pages(client: S3Client, Bucket: string, Prefix: string) {
  const found = paginateListObjectsV2({ client }, { Bucket, Prefix })[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await fromStore(found.next());
    if (done) return;
    yield value;
  }
}

/** What is kept below a prefix, each key without it. */
export async function* keysBelow(client: S3Client, Bucket: string, prefix: string): AsyncGenerator<StoredKey> {
  for await (const { Contents = [] } of pages(client, Bucket, prefix)) {
    for (const { Key = '', Size = 0, LastModified = new Date(0) } of Contents)
      yield { key: Key.slice(prefix.length), size: Size, storedAt: LastModified };
  }
}

/** Gives up uploads in parts below a prefix that began before a moment. Answers how many. */
export async function abortUploads(client: S3Client, Bucket: string, prefix: string, before: Date): Promise<number> {
  let gone = 0;
  for await (const { Key, UploadId } of unfinishedUploads(client, Bucket, prefix, before)) {
    const aborted = client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    // Whoever sweeps at the same moment may have been faster.
    const isOurs = await fromStore(aborted.then(() => true, isGone));
    if (isOurs) gone += 1;
  }
  return gone;
}

/** Removes what lies below a prefix since before a moment. Answers how many there were. */
export async function removeOld(client: S3Client, Bucket: string, prefix: string, before: Date): Promise<number> {
  let gone = 0;
  for await (const { key, storedAt } of keysBelow(client, Bucket, prefix)) {
    if (storedAt >= before) continue;
    await fromStore(client.send(new DeleteObjectCommand({ Bucket, Key: prefix + key })));
    gone += 1;
  }
  return gone;
}

/** False for an upload that is not there any more; throws anything else. */
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
