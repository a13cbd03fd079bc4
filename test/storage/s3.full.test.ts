import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, test } from 'vitest';
import { openS3Storage } from '../../src/storage/s3.ts';
import { parseS3Url } from '../../src/storage/s3-url.ts';
import { type Ceph, startCeph } from '../support/ceph.ts';
import { isInstalled } from '../support/programs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { bytesOf, read, store } from './bytes.ts';
import { storageContract } from './contract.ts';
import { MIB, type OpenedStorage } from './opened.ts';

describe.runIf(isInstalled('Ceph'))(
  'S3',
  () => {
    let running: Promise<Ceph> | undefined;
    afterAll(async () => (await running)?.[Symbol.asyncDispose]());
    let shared: { bucket: string; url: string } | undefined;

    const open = async (): Promise<OpenedStorage> => {
      running ??= startCeph();
      const ceph = await running;
      shared ??= await ceph.createBucket();
      const { bucket, url } = shared;
      const folder = await temporaryFolder('s3');
      const place = parseS3Url(url.replace('some/where', randomUUID()));
      const storage = await openS3Storage({ ...place, partialFilesIn: join(folder.path, 'unfinished') });
      return {
        storage,
        /** Objects, multipart uploads, and files in the folder of partial files. */
        async kept() {
          const below = { Bucket: bucket, Prefix: place.prefix };
          const { Contents = [] } = await ceph.client.send(new ListObjectsV2Command(below));
          const { Uploads = [] } = await ceph.client.send(new ListMultipartUploadsCommand(below));
          const files = await readdir(join(folder.path, 'unfinished'));
          return [...Contents.map(({ Key }) => `${Key}`), ...Uploads.map(({ Key }) => `parts of ${Key}`), ...files];
        },
        async [Symbol.asyncDispose]() {
          await storage[Symbol.asyncDispose]();
          await folder.remove();
        },
      };
    };
    storageContract('S3', open);

    test('stalled readers do not block other requests to the store', async () => {
      await using opened = await open();
      const { storage } = opened;
      await using blob = await storage.open(await store(storage, bytesOf(MIB)));
      const stalled = Array.from({ length: 250 }, () => new Writable({ write() {} }));
      const sending = stalled.map((reader) => blob.send(reader, { start: 0, end: blob.size - 1 }));
      const ended = Promise.allSettled(sending);
      await expect
        .poll(() => stalled.filter((reader) => reader.writableLength > 0).length, { timeout: 30_000 })
        .toBe(stalled.length);
      expect(await read(storage, await store(storage, bytesOf(10)))).toEqual(bytesOf(10));
      for (const reader of stalled) reader.destroy();
      await ended;
    });
  },
  300_000,
);
