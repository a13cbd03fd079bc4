import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { DeleteObjectCommand, GetObjectCommand, HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { BlobMissingError } from '../errors.ts';
import { DiskSpace } from './disk-space.ts';
import { HEAD_BYTES, Head } from './head.ts';
import { openPartialFiles } from './partial-files.ts';
import { fromStore, s3ClientFor } from './s3-client.ts';
import { directUploads } from './s3-direct.ts';
import { abortUploads, keysBelow, pages, removeOld } from './s3-list.ts';
import { PartsWriter } from './s3-parts.ts';
import { openObject, readObject, sizeOf } from './s3-read.ts';
import type { S3Location } from './s3-url.ts';
import type { StagedBlob, Storage } from './storage.ts';

/** A bucket has no size, but limits are computed as a part of one. */
const ASSUMED_CAPACITY = 4 * 1024 ** 4;

export interface S3Options extends S3Location {
  /** The folder in which resumable uploads grow until they are complete. */
  partialFilesIn: string;
  /** The folder of the database, if it is on this machine: its free space counts as well. */
  databaseFolder?: string;
  now?: () => Date;
}

/**
 * Stores bytes as objects of a bucket, below the prefix:
 *
 * - `blobs/YYYY/MM/DD/<uuid>`: an object is visible only when it is complete, so each is written to
 *   its key at once;
 * - `derived/YYYY/MM/DD/<uuid>/` has objects made from a blob, which can be made again;
 * - `incoming/YYYY/MM/DD/<uuid>` is where clients upload directly.
 *
 * Any failure of the store is `StorageUnavailableError`, after a few retries.
 */
export async function openS3Storage({
  partialFilesIn,
  databaseFolder = partialFilesIn,
  now = () => new Date(),
  ...location
}: S3Options): Promise<Storage> {
  const { bucket: Bucket, prefix } = location;
  const client = s3ClientFor(location);
  const reading = { ...location, client };
  const blobs = `${prefix}blobs/`;
  const incoming = `${prefix}incoming/`;
  const derived = `${prefix}derived/`;
  const newKey = () => `${now().toISOString().slice(0, 10).replaceAll('-', '/')}/${randomUUID()}`;
  const at = (objectKey: string) => ({ client, bucket: Bucket, objectKey });
  const remove = (Key: string) => fromStore(client.send(new DeleteObjectCommand({ Bucket, Key })));

  const isInBucket = async (key: string) => (await sizeOf(client, Bucket, blobs + key)) !== undefined;
  const deleteDerived = async (key: string, name?: string) => {
    if (name !== undefined) return void (await remove(`${derived}${key}/${name}`));
    for await (const { Contents = [] } of pages(client, Bucket, `${derived}${key}/`)) {
      // One by one: they are few, and not every store can delete several at once, or reports which
      // it did not.
      for (const { Key = '' } of Contents) await remove(Key);
    }
  };

  const partialFiles = await openPartialFiles(partialFilesIn, {
    async store(path, key) {
      await sendFile(path, new PartsWriter(at(blobs + key)));
      await unlink(path);
    },
    isStored: isInBucket,
    read: (key, length) => readObject(reading, blobs + key, length),
    remove: async (key) => void (await remove(blobs + key)),
  });

  return {
    space: await DiskSpace.open([partialFilesIn, databaseFolder]),
    capacity: ASSUMED_CAPACITY,
    headBytes: HEAD_BYTES,
    stage: () => stageInBucket(newKey(), (key) => new PartsWriter(at(blobs + key))),
    newKey,
    resume: partialFiles.resume,
    readUnfinished: partialFiles.read,
    readPartial: partialFiles.readPartial,
    removePartial: partialFiles.removePartial,
    async open(key) {
      const blob = await openObject(reading, blobs + key);
      if (!blob) throw new BlobMissingError(key);
      return blob;
    },
    async delete(key) {
      await remove(blobs + key);
      await deleteDerived(key);
    },
    deleteDerived,
    async storeDerived(key, name, bytes, isStored = () => isInBucket(key)) {
      const Key = `${derived}${key}/${name}`;
      await fromStore(client.send(new PutObjectCommand({ Bucket, Key, Body: bytes })));
      if (!(await isStored())) await remove(Key);
    },
    openDerived: (key, name) => openObject(reading, `${derived}${key}/${name}`),
    list: () => keysBelow(client, Bucket, blobs),
    removeStaged: async (before) =>
      (await abortUploads(client, Bucket, blobs, before)) + (await removeOld(client, Bucket, incoming, before)),
    presignedUrl: (key, { contentType, disposition, seconds }) =>
      getSignedUrl(
        client,
        new GetObjectCommand({
          Bucket,
          Key: blobs + key,
          ResponseContentType: contentType,
          ResponseContentDisposition: disposition,
          ResponseCacheControl: 'private, no-cache',
        }),
        { expiresIn: seconds },
      ),
    direct: directUploads(client, {
      bucket: Bucket,
      incoming,
      blobs,
      isTrusted: location.checksums,
    }),
    async check() {
      await fromStore(client.send(new HeadBucketCommand({ Bucket })));
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
    },
  };
}

function stageInBucket(key: string, open: (key: string) => PartsWriter): StagedBlob {
  const writer = open(key);
  const head = new Head();
  let committing: Promise<void> | undefined;
  return {
    get head() {
      return head.bytes;
    },
    write(chunk) {
      head.write(chunk);
      return writer.write(chunk);
    },
    drained: () => writer.drained(),
    end: () => writer.end(),
    async commit() {
      head.release();
      committing ??= writer.complete();
      await committing;
      return key;
    },
    async discard() {
      head.release();
      await writer.discard();
    },
  };
}

async function sendFile(path: string, writer: PartsWriter): Promise<void> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }))
      if (!writer.write(chunk)) await writer.drained();
    await writer.end();
    await writer.complete();
  } catch (error) {
    await writer.discard().catch(() => {}); // a sweep removes the parts that are left
    throw error;
  }
}
