import { randomBytes } from 'node:crypto';
import { ask, askWithFiles } from './client.ts';
import { sha256 } from './download.ts';
import type { ServerProcess } from './process.ts';

export const KEY = 'the-key-that-outlives-them-all';

export interface Stored {
  id: string;
  sha256: string;
  url: string;
}

const uploadQuery = `mutation ($files: [Upload!]!) {
  uploadTaskFiles(input: { taskId: "Task:1", files: $files }) { files { id sha256 url } errors { message } }
}`;

/** Uploads a file to the first task, and returns what the server acknowledged. */
export async function upload(server: ServerProcess, content: Buffer, key = KEY): Promise<Stored> {
  const { uploadTaskFiles } = await askWithFiles<{
    uploadTaskFiles: { files: Stored[]; errors: { message: string }[] };
  }>(server, uploadQuery, {}, [{ name: 'a.bin', content: new Blob([new Uint8Array(content)]) }], key);
  const stored = uploadTaskFiles.files[0];
  if (!stored) throw new Error(uploadTaskFiles.errors[0]?.message);
  return stored;
}

/**
 * Uploads small files concurrently until the server stops. `first` resolves with the first
 * acknowledged upload, `all` with every acknowledged file.
 */
export function uploadUntilGone(server: ServerProcess): { first: Promise<void>; all: Promise<Stored[]> } {
  const first = Promise.withResolvers<void>();
  const acknowledged: Stored[] = [];
  const uploader = async (size: number) => {
    for (;;) {
      const content = randomBytes(size);
      const stored = await upload(server, content).catch(() => undefined);
      if (!stored) return;
      acknowledged.push({ ...stored, sha256: sha256(content) });
      first.resolve();
    }
  };
  const uploaders = [0, 10, 1000, 30_000, 131_068, 300_000].map(uploader);
  return { first: first.promise, all: Promise.all(uploaders).then(() => acknowledged) };
}

const listQuery = `query ($after: String) {
  task(id: "Task:1") {
    files(first: 100, after: $after) { pageInfo { hasNextPage endCursor } edges { node { id sha256 url } } }
  }
}`;

interface Page {
  task: {
    files: { pageInfo: { hasNextPage: boolean; endCursor: string | null }; edges: { node: Stored }[] };
  };
}

/** Every file in the list of the first task. */
export async function listAll(server: ServerProcess, key = KEY): Promise<Stored[]> {
  const listed: Stored[] = [];
  for (let after: string | null = null; ; ) {
    const { files }: Page['task'] = (await ask<Page>(server, listQuery, { after }, key)).task;
    listed.push(...files.edges.map((edge) => edge.node));
    if (!files.pageInfo.hasNextPage) return listed;
    after = files.pageInfo.endCursor;
  }
}

/** The checksum of the downloaded content, or the status if it is not 200. */
export async function downloadedSum({ url }: Stored, key = KEY): Promise<string> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return response.status === 200 ? sha256(bytes) : `${response.status}`;
}
