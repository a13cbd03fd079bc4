import { download } from './download.ts';
import { attach, type FileFields, fileOf, uploadFile } from './files.ts';
import type { TestServer } from './server.ts';

/** The downloaded contents of all versions, newest first. */
export async function contentsOf(server: TestServer, id: string): Promise<string[]> {
  const { versions } = await fileOf(server, id);
  return Promise.all(versions.map(async (version) => (await download(server, version)).text()));
}

/**
 * Uploads three versions of a file on Task:1 and Contact:1, with the names and contents v1, v2 and
 * v3.
 */
export async function threeVersions(server: TestServer): Promise<[FileFields, FileFields, FileFields]> {
  const v1 = await uploadFile(server, 'Task:1', 'v1');
  await attach(server, 'Contact:1', [v1.id]);
  const v2 = await uploadFile(server, null, 'v2', { parentId: v1.id });
  return [v1, v2, await uploadFile(server, null, 'v3', { parentId: v2.id })];
}
