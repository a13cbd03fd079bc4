import { describe, expect, test } from 'vitest';
import type { Storage } from '../../src/storage/storage.ts';
import { bytesOf, read, writeAll } from './bytes.ts';
import { descriptors, MIB, type OpenStorage } from './opened.ts';

const bytes = bytesOf(3 * MIB + 1);

/** Writes one range of the bytes, as one request does. */
async function appendRange(storage: Storage, key: string, from: number, to: number): Promise<void> {
  const blob = storage.resume(key, from);
  await writeAll(blob, bytes.subarray(from, to));
  await blob.end();
}

async function unfinished(storage: Storage, key: string, length: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of storage.readUnfinished(key, length)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Tests of blobs that arrive in several requests. */
export function resuming(name: string, openStorage: OpenStorage): void {
  describe(`${name}: resuming`, () => {
    test('ranges written in several requests are read as one blob before and after the commit', async () => {
      await using opened = await openStorage();
      const key = opened.storage.newKey();
      await appendRange(opened.storage, key, 0, 1);
      await appendRange(opened.storage, key, 1, 2 * MIB);
      expect((await unfinished(opened.storage, key, MIB)).equals(bytes.subarray(0, MIB))).toBe(true);
      await appendRange(opened.storage, key, 2 * MIB, bytes.length);
      expect(await opened.storage.resume(key, bytes.length).commit()).toBe(key);
      expect((await read(opened.storage, key)).equals(bytes)).toBe(true);
      expect((await unfinished(opened.storage, key, bytes.length)).equals(bytes)).toBe(true);
      expect(await opened.kept()).toHaveLength(1);
    });

    test('resuming at an offset discards the bytes behind it', async () => {
      await using opened = await openStorage();
      const key = opened.storage.newKey();
      const torn = opened.storage.resume(key, 0);
      await writeAll(torn, Buffer.concat([bytes.subarray(0, MIB), Buffer.alloc(2 * MIB, 'x')]));
      await torn.end();
      await appendRange(opened.storage, key, MIB, MIB + 5);
      expect(await opened.storage.resume(key, MIB + 5).commit()).toBe(key);
      expect((await read(opened.storage, key)).equals(bytes.subarray(0, MIB + 5))).toBe(true);
    });

    test('commit() may be repeated and returns the same key', async () => {
      await using opened = await openStorage();
      const key = opened.storage.newKey();
      await appendRange(opened.storage, key, 0, 1000);
      for (let time = 0; time < 3; time++) expect(await opened.storage.resume(key, 1000).commit()).toBe(key);
      expect((await read(opened.storage, key)).equals(bytes.subarray(0, 1000))).toBe(true);
    });

    test('commit() cuts bytes behind the given length, and rejects a length beyond the written bytes', async () => {
      await using opened = await openStorage();
      const key = opened.storage.newKey();
      await appendRange(opened.storage, key, 0, 1000);
      await expect(opened.storage.resume(key, 2000).commit()).rejects.toThrow();
      expect(await opened.storage.resume(key, 600).commit()).toBe(key);
      expect((await read(opened.storage, key)).equals(bytes.subarray(0, 600))).toBe(true);
    });

    test('an empty blob can be committed', async () => {
      await using opened = await openStorage();
      const key = opened.storage.newKey();
      await opened.storage.resume(key, 0).end();
      await opened.storage.resume(key, 0).commit();
      await using blob = await opened.storage.open(key);
      expect(blob.size).toBe(0);
    });

    test.each(['before', 'after'])('discarding a resumable blob %s its commit leaves nothing', async (when) => {
      await using opened = await openStorage();
      const key = opened.storage.newKey();
      await appendRange(opened.storage, key, 0, MIB);
      if (when === 'after') await opened.storage.resume(key, MIB).commit();
      await opened.storage.resume(key, 0).discard();
      expect(await opened.kept()).toEqual([]);
    });

    test('removeStaged() keeps unfinished resumable blobs', async () => {
      await using opened = await openStorage();
      const key = opened.storage.newKey();
      await appendRange(opened.storage, key, 0, MIB);
      expect(await opened.storage.removeStaged(new Date(Date.now() + 60_000))).toBe(0);
      expect((await unfinished(opened.storage, key, MIB)).equals(bytes.subarray(0, MIB))).toBe(true);
    });

    test('resuming or reading beyond the written bytes fails and creates nothing', async () => {
      await using opened = await openStorage();
      const key = opened.storage.newKey();
      await expect(appendRange(opened.storage, key, 1000, 2000)).rejects.toThrow();
      expect(await opened.kept()).toEqual([]);
      await appendRange(opened.storage, key, 0, 500);
      await expect(appendRange(opened.storage, key, 1000, 2000)).rejects.toThrow();
      await expect(unfinished(opened.storage, key, 1000)).rejects.toThrow();
      expect((await unfinished(opened.storage, key, 500)).equals(bytes.subarray(0, 500))).toBe(true);
    });

    test.runIf(process.platform === 'linux')(
      'resuming leaves no file descriptor open after success, failure or discard',
      async () => {
        await using opened = await openStorage();
        const before = descriptors();
        for (let round = 0; round < 20; round++) {
          const key = opened.storage.newKey();
          await appendRange(opened.storage, key, 0, 1000);
          await expect(appendRange(opened.storage, key, 2000, 3000)).rejects.toThrow();
          const stopped = opened.storage.resume(key, 1000);
          stopped.write(bytes);
          if (round % 2 === 0) await stopped.discard();
          else await stopped.end();
        }
        expect(descriptors()).toBeLessThanOrEqual(before);
      },
    );
  });
}
