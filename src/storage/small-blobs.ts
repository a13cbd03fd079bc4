import type { SmallBlobTable } from '../database/small-blob-table.ts';
import { BlobMissingError } from '../errors.ts';
import { timeOfUuid, timeOrderedUuid } from '../time-ordered-uuid.ts';
import { ReadTurns } from './read-turns.ts';
import { whileOpen, writeTo } from './send-file.ts';
import { SmallBlob, StagingMemory } from './small-blob.ts';
import { SmallPartialBlob } from './small-partial-blob.ts';
import type { ByteRange, Storage, StoredBlob, StoredKey } from './storage.ts';

export interface SmallBlobOptions {
  /** The table of the database that has the bytes. */
  table: SmallBlobTable;
  /** In bytes: larger blobs go to the other storage. 0 sends all of them there. */
  maxSize: number;
  now?: () => Date;
}

/** What the keys of blobs in the table begin with. Those of other back ends begin with a year. */
const PREFIX = 'rows/';
const LIST_PAGE = 1000;

/**
 * Stores small blobs in a table of the database, and others in another storage.
 *
 * A small file would cost more to create, sync and rename than its bytes take to write. In the
 * table they are written with the rows of the file, and its commit makes both durable with one
 * sync. They wait for that in memory; a blob that exceeds `maxSize`, or the memory that all small
 * blobs share, is staged in the other storage from then on. Resumable uploads grow there, and small
 * ones move to the table when they are complete. What is derived from blobs is always in the other
 * storage.
 *
 * The key says where the bytes are. So both kinds stay readable, whatever `maxSize` is later.
 */
export function storeSmallInRows(large: Storage, options: SmallBlobOptions): Storage {
  const { table, maxSize, now = () => new Date() } = options;
  const memory = new StagingMemory();
  const { presignedUrl } = large;
  const readTurns = new ReadTurns();
  return {
    ...large,
    stage: () => {
      if (maxSize === 0) return large.stage();
      return new SmallBlob({ maxSize, memory, newKey: () => newKey(now()), spill: () => large.stage() });
    },
    resume(key, from) {
      const partial = large.resume(key, from);
      if (maxSize === 0) return partial;
      const read = (length: number) => large.readPartial(key, length);
      return new SmallPartialBlob(partial, { from, maxSize, memory, newKey: () => newKey(now()), read });
    },
    rows: {
      insert: (em, blobs) => table.insert(em, blobs),
      delete: (em, keys) => table.delete(em, keys.filter(isInTable)),
    },
    async open(key) {
      if (!isInTable(key)) return large.open(key);
      await readTurns.next();
      const bytes = await table.read(key);
      if (!bytes) throw new BlobMissingError(key);
      return openBytes(bytes);
    },
    async delete(key) {
      if (!isInTable(key)) return large.delete(key);
      await table.deleteOne(key);
      await large.deleteDerived(key);
    },
    storeDerived: (key, name, bytes) =>
      large.storeDerived(key, name, bytes, isInTable(key) ? () => table.exists(key) : undefined),
    ...(presignedUrl && {
      presignedUrl: async (key, link) => (isInTable(key) ? undefined : presignedUrl.call(large, key, link)),
    }),
    async *list() {
      yield* large.list();
      yield* keysIn(table);
    },
  };
}

const isInTable = (key: string): boolean => key.startsWith(PREFIX);

const newKey = (now: Date): string => PREFIX + timeOrderedUuid(now);

const storedAt = (key: string): Date => timeOfUuid(key.slice(PREFIX.length));

async function* keysIn(table: SmallBlobTable): AsyncGenerator<StoredKey> {
  for (let after = ''; ; ) {
    const page = await table.list(after, LIST_PAGE);
    for (const { key, size } of page) yield { key, size, storedAt: storedAt(key), isInDatabase: true };
    const last = page.at(-1);
    if (!last || page.length < LIST_PAGE) return;
    after = last.key;
  }
}

/** A download continues to its end when the row is deleted meanwhile: its bytes are here. */
const openBytes = (bytes: Buffer): StoredBlob => ({
  size: bytes.length,
  async send(destination, { start, end }: ByteRange) {
    if (end >= bytes.length) throw new Error('The stored bytes end before the range does.');
    if (end < start) return;
    await whileOpen(destination, (closed) =>
      Promise.race([writeTo(destination, bytes.subarray(start, end + 1)), closed]),
    );
  },
  async [Symbol.asyncDispose]() {},
});
