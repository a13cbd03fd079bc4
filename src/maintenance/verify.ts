import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import pLimit from 'p-limit';
import type { Context } from '../context.ts';
import { File } from '../database/entities/index.ts';
import { BlobMissingError } from '../errors.ts';

/** Rows that are read together. */
const BATCH = 200;

/** Files whose bytes are read at once. */
const AT_ONCE = 4;

/** What is wrong with the bytes of a file: there are none, they are others than were stored, or they cannot be read. */
export interface Damage {
  file: File;
  kind: 'missing' | 'changed' | 'unreadable';
}

/**
 * Reads the bytes of every file, of every version, in the order of their ids, and compares them with the size and the
 * SHA-256 that its row tells. `onDamage` hears of each that is missing, differs, or cannot
 * be read, and the others are read all the same. Answers how many files were read.
 */
export async function verify(
  { em, storage }: Pick<Context, 'em' | 'storage'>,
  onDamage: (damage: Damage) => void,
): Promise<number> {
  const limited = pLimit(AT_ONCE);
  let read = 0;
  for (let after = 0; ; ) {
    const where = { id: { $gt: after } };
    const files = await em.find(File, where, { orderBy: { id: 'asc' }, limit: BATCH, disableIdentityMap: true });
    const kinds = await Promise.all(files.map((file) => limited(() => damageOf(storage, file))));
    for (const [index, file] of files.entries()) {
      const kind = kinds[index];
      // Who removes a file while it is read does no damage.
      if (kind && (await em.count(File, { id: file.id })) > 0) onDamage({ file, kind });
      read += 1;
      after = file.id;
    }
    if (files.length < BATCH) return read;
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
