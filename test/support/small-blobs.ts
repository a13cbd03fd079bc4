import { readFile, rm } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Client } from 'pg';
import { BY_A_TEST, placeOf, runSql } from './database.ts';

/** The blobs in the database of a data folder, by their keys. */
export async function smallBlobs(dataDir: string): Promise<Map<string, Buffer>> {
  const place = await placeOf(dataDir);
  const sql = `select key, bytes from small_blobs order by key ${BY_A_TEST}`;
  const rows = 'file' in place ? inSqlite(place.file, sql) : await inPostgres(place.url, sql);
  return new Map(rows.map(({ key, bytes }) => [key, bytes]));
}

interface Found {
  key: string;
  bytes: Buffer;
}

// By the drivers, which take a tenth of the time that an ORM takes to open.

function inSqlite(file: string, sql: string): Found[] {
  const database = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
  try {
    return database.prepare<[], Found>(sql).all();
  } finally {
    database.close();
  }
}

async function inPostgres(url: string, sql: string): Promise<Found[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
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
