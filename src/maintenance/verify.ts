import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import pLimit from 'p-limit';
import type { Context } from '../context.ts';
import { File } from '../database/entities/index.ts';
import { BlobMissingError } from '../errors.ts';

/** Rows that one statement reads. */
const BATCH_SIZE = 200;

/** Files whose bytes are read at the same time. */
const CONCURRENCY = 4;

/** A file whose bytes are missing, differ from its size or SHA-256, or cannot be read. */
export interface Damage {
  file: File;
  kind: 'missing' | 'changed' | 'unreadable';
}

/**
 * Reads the bytes of every version of every file, in the order of their ids, and compares them with
 * the size and SHA-256 of the row. `onDamage` is called for each that is missing, differs or cannot
 * be read, and the others are still read. Returns how many were read.
 */
export async function verify(
  { em, storage }: Pick<Context, 'em' | 'storage'>,
  onDamage: (damage: Damage) => void,
): Promise<number> {
  const limited = pLimit(CONCURRENCY);
  let read = 0;
  for (let after = 0; ; ) {
    const where = { id: { $gt: after } };
    const files = await em.find(File, where, { orderBy: { id: 'asc' }, limit: BATCH_SIZE, disableIdentityMap: true });
    const kinds = await Promise.all(files.map((file) => limited(() => damageOf(storage, file))));
    for (const [index, file] of files.entries()) {
      const kind = kinds[index];
      // A file that was removed while it was read is not damaged.
      if (kind && (await em.count(File, { id: file.id })) > 0) onDamage({ file, kind });
      read += 1;
      after = file.id;
    }
    if (files.length < BATCH_SIZE) return read;
  }
}

async function damageOf(storage: Context['storage'], file: File): Promise<Damage['kind'] | undefined> {
  const hash = createHash('sha256');
  const hashing = new Writable({
    write(chunk, _encoding, done) {
      hash.update(chunk);
      done();
    },
  });
  try {
    await using blob = await storage.open(file.blobKey);
    if (blob.size !== file.size) return 'changed';
    await blob.send(hashing, { start: 0, end: blob.size - 1 });
  } catch (error) {
    return error instanceof BlobMissingError ? 'missing' : 'unreadable';
  }
  return hash.digest('hex') === file.sha256 ? undefined : 'changed';
}
