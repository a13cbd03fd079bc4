import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { BlobMissingError } from '../../src/errors.ts';
import { HEAD_BYTES } from '../../src/storage/head.ts';
import type { StagedBlob } from '../../src/storage/storage.ts';
import { bytesOf, read, store, writeAll } from './bytes.ts';
import { descriptors, KIB, MIB, noKey, type OpenStorage } from './opened.ts';

/** The boundaries of the back ends: of a page, a write, a read and an uploaded part. */
const borders = [4 * KIB, 64 * KIB - 4, 64 * KIB, 128 * KIB - 4, 128 * KIB, 4 * (128 * KIB - 4), 8 * (64 * KIB - 4)];
const sizes = [0, 1, ...borders.flatMap((border) => [border - 1, border, border + 1]), 3 * MIB, 8 * MIB + 1];

/** Tests of storing and discarding. */
export function storing(name: string, openStorage: OpenStorage): void {
  describe(`${name}: storing`, () => {
    test.each(sizes)('%i bytes are read back unchanged', async (size) => {
      await using opened = await openStorage();
      const bytes = bytesOf(size);
      const key = await store(opened.storage, bytes);
      await using blob = await opened.storage.open(key);
      expect(blob.size).toBe(size);
      expect((await read(opened.storage, key)).equals(bytes)).toBe(true);
    });

    test.each([1, 1000, 64 * KIB - 5, 64 * KIB - 3, 128 * KIB - 3, MIB])(
      'a blob written in chunks of %i bytes is read back unchanged',
      async (chunkSize) => {
        await using opened = await openStorage();
        const bytes = bytesOf(300_001);
        const key = await store(opened.storage, bytes, chunkSize);
        expect((await read(opened.storage, key)).equals(bytes)).toBe(true);
      },
    );

    test('the caller may reuse the memory of a chunk after write() returns', async () => {
      await using opened = await openStorage();
      const bytes = bytesOf(2 * MIB);
      const blob = opened.storage.stage();
      const memory = Buffer.alloc(10_000);
      for (let offset = 0; offset < bytes.length; offset += memory.length) {
        const length = bytes.copy(memory, 0, offset);
        const more = blob.write(memory.subarray(0, length));
        memory.fill(0xff);
        if (!more) await blob.drained();
      }
      await blob.end();
      expect((await read(opened.storage, await blob.commit())).equals(bytes)).toBe(true);
    });

    test('a staged blob has its first bytes until it is committed, whatever the size of its chunks', async () => {
      await using opened = await openStorage();
      for (const size of [0, 1, 5000, 40 * KIB, 100 * KIB, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 1, MIB])
        for (const chunkSize of [7000, 64 * KIB, 3 * MIB]) {
          const bytes = bytesOf(size);
          const blob = opened.storage.stage();
          await writeAll(blob, bytes, chunkSize);
          expect(bytes.subarray(0, HEAD_BYTES).equals(blob.head)).toBe(true);
          await blob.end();
          await blob.commit();
          await blob.discard();
        }
    });

    test('blobs that are stored and discarded in turns have their own bytes', async () => {
      await using opened = await openStorage();
      const sizes = [50 * KIB, 64 * KIB, 100 * KIB, 128 * KIB, 200 * KIB];
      const kept = new Map<string, Buffer>();
      for (let round = 0; round < 10; round++) {
        await Promise.all(
          sizes.map(async (size, index) => {
            const bytes = bytesOf(size, `${round} ${index}`);
            if ((round + index) % 3 > 0) return void kept.set(await store(opened.storage, bytes, 7000 + size), bytes);
            const blob = opened.storage.stage();
            await writeAll(blob, bytes);
            if (round % 2 > 0) await blob.end();
            await blob.discard();
          }),
        );
      }
      for (const [key, bytes] of kept) expect((await read(opened.storage, key)).equals(bytes)).toBe(true);
    });

    test('write() returns false to a writer faster than the storage, which continues after drained()', async () => {
      await using opened = await openStorage();
      const blob = opened.storage.stage();
      const chunk = bytesOf(64 * KIB);
      let written = 0;
      while (written < 64 * MIB) {
        written += chunk.length;
        if (!blob.write(chunk)) break;
      }
      expect(written).toBeLessThan(64 * MIB);
      await blob.drained();
      blob.write(chunk);
      await blob.end();
      await using stored = await opened.storage.open(await blob.commit());
      expect(stored.size).toBe(written + chunk.length);
    });

    test('chunks written without waiting for drained() are stored', async () => {
      await using opened = await openStorage();
      const bytes = bytesOf(26 * MIB);
      const blob = opened.storage.stage();
      for (let offset = 0; offset < bytes.length; offset += 3 * MIB)
        blob.write(bytes.subarray(offset, offset + 3 * MIB));
      await blob.end();
      expect((await read(opened.storage, await blob.commit())).equals(bytes)).toBe(true);
    });

    test('drained() resolves when no write is pending', async () => {
      await using opened = await openStorage();
      const blob = opened.storage.stage();
      await blob.drained();
      blob.write(bytesOf(10));
      await blob.drained();
      await blob.discard();
    });

    test('blobs stored concurrently have different keys and their own bytes', async () => {
      await using opened = await openStorage();
      const contents = Array.from({ length: 40 }, (_, index) => bytesOf(index * 40_000, `blob ${index}`));
      const keys = await Promise.all(contents.map((bytes) => store(opened.storage, bytes, 10_000)));
      expect(new Set(keys).size).toBe(contents.length);
      const stored = await Promise.all(keys.map((key) => read(opened.storage, key)));
      expect(stored.map((bytes, index) => contents[index]?.equals(bytes))).toEqual(contents.map(() => true));
    });

    test('storing and deleting other blobs does not change a stored blob', async () => {
      await using opened = await openStorage();
      const bytes = bytesOf(100_000);
      const key = await store(opened.storage, bytes);
      await store(opened.storage, bytesOf(200_000, 'another'));
      await opened.storage.delete(await store(opened.storage, bytesOf(5, 'a third')));
      expect((await read(opened.storage, key)).equals(bytes)).toBe(true);
    });
  });

  describe(`${name}: discarding and listing`, () => {
    const few = bytesOf(10);
    const many = bytesOf(3 * MIB);
    const moments: [string, (blob: StagedBlob) => Promise<unknown>][] = [
      ['before the first byte', async () => {}],
      ['with few bytes written', async (blob) => blob.write(few)],
      ['in the middle of many', async (blob) => blob.write(many)],
      ['between many and the end', (blob) => writeAll(blob, many)],
      ['after the end', async (blob) => writeAll(blob, many).then(() => blob.end())],
      ['after the end of nothing', (blob) => blob.end()],
      ['after the commit', (blob) => blob.end().then(() => blob.commit())],
    ];

    test.each(moments)('discarding %s leaves nothing', async (_moment, until) => {
      await using opened = await openStorage();
      const blob = opened.storage.stage();
      await until(blob);
      await blob.discard();
      expect(await opened.kept()).toEqual([]);
    });

    test.each(moments)('discarding twice %s leaves nothing', async (_moment, until) => {
      await using opened = await openStorage();
      const blob = opened.storage.stage();
      await until(blob);
      await Promise.all([blob.discard(), blob.discard()]);
      await blob.discard();
      expect(await opened.kept()).toEqual([]);
    });

    test.each([
      ['nothing', bytesOf(0)],
      ['few bytes', few],
      ['many bytes', many],
    ])('discarding during end() of %s leaves nothing', async (_what, bytes) => {
      await using opened = await openStorage();
      for (let turns = 0; turns < 20; turns++) {
        const blob = opened.storage.stage();
        await writeAll(blob, bytes);
        const ending = blob.end().catch(() => {}); // rejects when the discard stops it
        for (let turn = 0; turn < turns; turn++) await nextTurn();
        await blob.discard();
        await ending;
        expect(await opened.kept()).toEqual([]);
      }
    });

    test('a blob discarded after its commit is missing, and others remain', async () => {
      await using opened = await openStorage();
      const neighbour = await store(opened.storage, few);
      const blob = opened.storage.stage();
      await blob.end();
      const key = await blob.commit();
      await blob.discard();
      await expect(opened.storage.open(key)).rejects.toThrow(BlobMissingError);
      expect(await read(opened.storage, neighbour)).toEqual(few);
    });

    test.runIf(process.platform === 'linux')(
      'storing, discarding and a failed open leave no file descriptor open',
      async () => {
        await using opened = await openStorage();
        await store(opened.storage, bytesOf(10));
        const before = descriptors();
        for (let round = 0; round < 5; round++) {
          const blob = opened.storage.stage();
          blob.write(bytesOf(3 * MIB));
          await blob.discard();
          await store(opened.storage, bytesOf(MIB, `${round}`));
          await opened.storage.open(noKey).catch(() => {});
        }
        expect(descriptors()).toBe(before);
      },
    );

    test('list() returns the key, size and time of every committed blob', async () => {
      await using opened = await openStorage();
      const before = Date.now() - 5000;
      const sizes = new Map<string, number>();
      for (const size of [0, 1, 300_000]) sizes.set(await store(opened.storage, bytesOf(size)), size);
      const gone = await store(opened.storage, bytesOf(10));
      await opened.storage.delete(gone);
      const staged = opened.storage.stage();
      await writeAll(staged, bytesOf(MIB));
      await staged.end();
      const listed = await Array.fromAsync(opened.storage.list());
      expect(new Map(listed.map(({ key, size }) => [key, size]))).toEqual(sizes);
      for (const { storedAt } of listed) expect(storedAt.getTime()).toBeGreaterThan(before);
      await staged.discard();
    });

    test('removeStaged() removes old staged blobs and keeps committed ones', async () => {
      await using opened = await openStorage();
      const key = await store(opened.storage, bytesOf(10));
      const staged = opened.storage.stage();
      await writeAll(staged, bytesOf(20 * MIB)); // more than any back end buffers in memory
      await staged.end();
      expect(await opened.storage.removeStaged(new Date(0))).toBe(0);
      expect(await opened.kept()).toHaveLength(2);
      expect(await opened.storage.removeStaged(new Date(Date.now() + 60_000))).toBe(1);
      expect(await opened.kept()).toHaveLength(1);
      expect(await read(opened.storage, key)).toEqual(bytesOf(10));
      await staged.discard();
    });
  });
}
