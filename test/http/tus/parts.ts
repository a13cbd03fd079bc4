import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ask } from '../../support/client.ts';
import { runSql } from '../../support/database.ts';
import type { TestServer } from '../../support/server.ts';
import { bytesOf, metadata, type Place, piece, tus } from './client.ts';

/** The bytes of a file and of its two parts. */
export const bytes = bytesOf(3000);
export const [first, second] = [bytes.subarray(0, 1000), bytes.subarray(1000)];

interface Listed {
  name: string;
  size: number;
  sha256: string;
}

export async function filesOn(server: TestServer, task = 'Task:1'): Promise<Listed[]> {
  const query = 'query ($id: ID!) { task(id: $id) { files(first: 50) { nodes { name size sha256 } } } }';
  return (await ask<{ task: { files: { nodes: Listed[] } } }>(server, query, { id: task })).task.files.nodes;
}

/** Returns the names in the folder of unfinished uploads. */
export const unfinished = ({ dataDir }: TestServer) => readdir(join(dataDir, 'files', 'unfinished'));

/** Uploads a part and returns its path. */
export async function part(place: Place, content: Uint8Array<ArrayBuffer>, sent = content): Promise<string> {
  const headers = { 'upload-concat': 'partial', 'upload-length': String(content.length) };
  const created = await tus(place, 'POST', '/uploads', headers);
  expect(created.status).toBe(201);
  const path = created.headers.get('location') ?? '';
  if (sent.length > 0) expect((await tus(place, 'PATCH', path, piece(0), sent)).status).toBe(204);
  return path;
}

/** Requests a final upload that joins the parts. */
export const concat = (
  place: Place,
  paths: string[],
  pairs: Record<string, string> = { filename: 'whole.bin', on: 'Task:1' },
) =>
  tus(place, 'POST', '/uploads', {
    'upload-concat': `final;${paths.join(' ')}`,
    'upload-metadata': metadata(pairs),
  });

export const messageOf = async (response: Response) =>
  ((await response.json()) as { error: { message: string } }).error.message;

/** Returns the temporary bytes of all users together. */
export async function temporaryBytes({ dataDir }: TestServer): Promise<number> {
  const [row] = await runSql<{ bytes: number | string }>(
    dataDir,
    'select bytes from temporary_usage where user_id = 0',
  );
  return Number(row?.bytes ?? 0);
}
