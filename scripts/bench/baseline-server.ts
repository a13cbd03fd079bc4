/**
 * The lower bound of an upload's cost: a bare `node:http` server that pipes a body to a file
 * without checks. With `BASELINE=durable` it also syncs the file and its folder, and inserts a
 * SQLite row.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import SqliteDatabase from 'better-sqlite3';

const folder = join(process.env.DATA_DIR as string, 'baseline');
const isDurable = process.env.BASELINE === 'durable';
await mkdir(folder, { recursive: true });
const database = new SqliteDatabase(join(folder, 'baseline.db'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec('create table files (id integer primary key, name text)');
const insert = database.prepare('insert into files (name) values (?)');

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync();
  await handle.close();
}

const server = createServer(async (request, response) => {
  if (request.method === 'GET') return sendFile(request, response);
  const path = join(folder, randomUUID());
  await pipeline(request, createWriteStream(path));
  if (isDurable) {
    await sync(path);
    await sync(folder);
    insert.run(path);
  }
  response.end('{"ok":true}');
});
/** Sends the file whose path is in the URL, or a range of it, with a stock stream. */
async function sendFile(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://x').searchParams.get('path') ?? '';
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const range = start ? { start: Number(start), end: Number(end) } : {};
  response.writeHead(start ? 206 : 200);
  await pipeline(createReadStream(path, range), response);
}

server.listen(0, '127.0.0.1', () => {
  console.log(`listens at http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
});
process.on('SIGTERM', () => process.exit(0));
