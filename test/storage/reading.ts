import { once } from 'node:events';
import { Writable } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { BlobMissingError } from '../../src/errors.ts';
import { bytesOf, Collector, read, store } from './bytes.ts';
import { descriptors, MIB, noKey, type OpenStorage } from './opened.ts';

/** Tests of reading, with every kind of destination, and of deleting. */
export function reading(name: string, openStorage: OpenStorage): void {
  describe(`${name}: reading`, () => {
    const size = 3 * MIB + 17;
    const bytes = bytesOf(size);
    test.each([
      ['the whole', 0, size - 1],
      ['the first byte', 0, 0],
      ['the last byte', size - 1, size - 1],
      ['some in the middle', 1_000_000, 1_000_099],
      ['what begins just before a MiB ends', MIB - 1, MIB],
      ['a MiB exactly', MIB, 2 * MIB - 1],
      ['all but the first byte', 1, size - 1],
    ])('sends a range: %s', async (_what, start, end) => {
      await using opened = await openStorage();
      const key = await store(opened.storage, bytes);
      const sent = await read(opened.storage, key, { start, end });
      expect(sent.equals(bytes.subarray(start, end + 1))).toBe(true);
    });

    test('rejects a range beyond the end instead of truncating it', async () => {
      await using opened = await openStorage();
      const key = await store(opened.storage, bytesOf(10));
      await expect(read(opened.storage, key, { start: 5, end: 10 })).rejects.toThrow();
    });

    test('sends an open blob to several destinations at once', async () => {
      await using opened = await openStorage();
      await using blob = await opened.storage.open(await store(opened.storage, bytes));
      const collectors = [new Collector(), new Collector(), new Collector()];
      await Promise.all(collectors.map((collector) => blob.send(collector, { start: 0, end: size - 1 })));
      expect(collectors.map((collector) => collector.bytes.equals(bytes))).toEqual([true, true, true]);
    });

    test('leaves the destination open after sending', async () => {
      await using opened = await openStorage();
      await using blob = await opened.storage.open(await store(opened.storage, bytesOf(10)));
      const collector = new Collector();
      await blob.send(collector, { start: 0, end: 9 });
      collector.end('and more');
      await once(collector, 'finish');
      expect(collector.bytes.subarray(10).toString()).toBe('and more');
    });

    test('stops reading while the destination stalls', async () => {
      await using opened = await openStorage();
      await using blob = await opened.storage.open(await store(opened.storage, bytesOf(32 * MIB)));
      const stalled = new Writable({ write() {} });
      const sending = blob.send(stalled, { start: 0, end: blob.size - 1 });
      await pause(300); // a storage without backpressure would have sent all in this time
      expect(stalled.writableLength).toBeLessThan(16 * MIB);
      stalled.destroy();
      await expect(sending).rejects.toThrow();
    });

    test('opening a key without a blob is a BlobMissingError', async () => {
      await using opened = await openStorage();
      await expect(opened.storage.open(noKey)).rejects.toThrow(BlobMissingError);
    });
  });

  describe(`${name}: deleting`, () => {
    test('a deleted blob is missing and leaves nothing behind', async () => {
      await using opened = await openStorage();
      const key = await store(opened.storage, bytesOf(10));
      await opened.storage.delete(key);
      await expect(opened.storage.open(key)).rejects.toThrow(BlobMissingError);
      expect(await opened.kept()).toEqual([]);
    });

    test('deleting a missing key resolves, also repeatedly', async () => {
      await using opened = await openStorage();
      const key = await store(opened.storage, bytesOf(10));
      await opened.storage.delete(key);
      await opened.storage.delete(key);
      await opened.storage.delete(noKey);
    });

    test('a blob deleted while it is sent is sent to its end', async () => {
      await using opened = await openStorage();
      const bytes = bytesOf(8 * MIB);
      const key = await store(opened.storage, bytes);
      await using blob = await opened.storage.open(key);
      const collector = new Collector();
      const sending = blob.send(collector, { start: 0, end: blob.size - 1 });
      while (collector.bytes.length === 0) await nextTurn();
      await opened.storage.delete(key);
      await sending;
      expect(collector.bytes.equals(bytes)).toBe(true);
    });
  });

  describe(`${name}: a destination that fails`, () => {
    const whole = { start: 0, end: 8 * MIB - 1 };
    const failures: [string, () => Writable][] = [
      ['was destroyed before', () => new Collector().destroy()],
      ['is destroyed in the middle', () => brokenAfter(2, (writable) => writable.destroy())],
      ['is destroyed with an error', () => brokenAfter(2, (writable) => writable.destroy(new Error('reset')))],
      ['refuses a piece', () => brokenAfter(2, (_writable, done) => done(new Error('no')))],
    ];

    test.each(failures)('send() rejects when the destination %s', async (_how, destination) => {
      await using opened = await openStorage();
      await using blob = await opened.storage.open(await store(opened.storage, bytesOf(8 * MIB)));
      await expect(blob.send(ignoringErrors(destination()), whole)).rejects.toThrow();
    });

    test.runIf(process.platform === 'linux')('a failed send() leaves no file descriptor open', async () => {
      await using opened = await openStorage();
      const key = await store(opened.storage, bytesOf(8 * MIB));
      const sendTo = async (destination: Writable) => {
        await using blob = await opened.storage.open(key);
        await blob.send(ignoringErrors(destination), whole).catch(() => {});
      };
      // Descriptors that stay open after the first send are not a leak.
      await sendTo(new Collector());
      const before = descriptors();
      for (const [, destination] of failures) {
        for (let round = 0; round < 5; round++) await sendTo(destination());
      }
      expect(descriptors()).toBe(before);
    });
  });
}

/** Accepts this many chunks, then calls `breaks`. */
function brokenAfter(pieces: number, breaks: (writable: Writable, done: (error?: Error) => void) => void): Writable {
  let left = pieces;
  return new Writable({
    write(_piece, _encoding, done) {
      left -= 1;
      if (left >= 0) setImmediate(done);
      else breaks(this, done);
    },
  });
}

/** The caller of `send()` handles errors of its destination: an unhandled one ends the process. */
const ignoringErrors = (writable: Writable) => writable.on('error', () => {});
