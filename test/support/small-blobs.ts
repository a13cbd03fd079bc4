import { readFile, rm } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { runSql } from './database.ts';
import { readRows } from './read-rows.ts';

/** The blobs in the database of a data folder, by their keys. */
export async function smallBlobs(dataDir: string): Promise<Map<string, Buffer>> {
  const sql = 'select key, bytes from small_blobs order by key';
  const rows = await readRows<{ key: string; bytes: Buffer }>(dataDir, sql);
  return new Map(rows.map(({ key, bytes }) => [key, bytes]));
}

/** The bytes of what `TestServer.stored()` returns: of a file, or of a blob in the database. */
export async function readStored(dataDir: string, blob: string): Promise<Buffer> {
  if (isAbsolute(blob)) return readFile(blob);
  const bytes = (await smallBlobs(dataDir)).get(blob);
  if (!bytes) throw new Error(`There is no ${blob} in the database.`);
  return bytes;
}

/** Loses the bytes of what `TestServer.stored()` returns. */
export async function loseStored(dataDir: string, blob: string): Promise<void> {
  if (isAbsolute(blob)) await rm(blob);
  else await runSql(dataDir, 'delete from small_blobs where key = ?', blob);
}
