import { link, open, rename, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { documents } from '../documents.ts';
import { downloadFile } from '../download/download-file.ts';
import { localName } from '../download/local-name.ts';
import { ClientError } from '../errors.ts';
import { request } from '../graphql.ts';
import { exists, isUnchanged, NO_HARD_LINKS, statFile } from '../local-files.ts';
import { listVersions, type RemoteFile } from '../remote-files.ts';
import { type UploadContext, uploadFile } from '../upload/upload-files.ts';
import type { Action, HashedFile } from './plan.ts';
import type { SyncState } from './state.ts';

export interface SyncContext extends UploadContext {
  folder: string;
  on: string;
  state: SyncState;
  /** Throws `ClientError` when the folder was unmounted or replaced. */
  assertFolder(): Promise<void>;
}

/** Does what was planned for one name, and then records what both sides have. */
export async function perform(context: SyncContext, action: Action): Promise<void> {
  const { state, connection, signal, on } = context;
  const { name } = action;
  await context.assertFolder();
  switch (action.kind) {
    case 'upload':
      return upload(context, name, action.local, action.parentId);
    case 'download':
      return download(context, name, action.remote, action.local);
    case 'conflict':
      return keepBoth(context, name, action.local, action.remote);
    case 'deleteLocal':
      await assertUnchanged(action.local);
      await rm(action.local.path);
      return state.delete(name);
    case 'detachRemote':
      await assertStillDeleted(context, name, action.remote);
      await request(connection, documents.detachFiles, { input: { from: on, fileIds: [action.remote.id] } }, signal);
      return state.delete(name);
    case 'record':
      return record(state, name, action.remote, action.local);
    case 'forget':
      return state.delete(name);
    case 'keepLocal':
    case 'keepRemote':
    case 'blocked':
      return;
  }
}

function record(
  state: SyncState,
  name: string,
  { id, sha256 }: RemoteFile,
  local: Pick<HashedFile, 'size' | 'mtimeMs'>,
) {
  state.set(name, { id, sha256, size: local.size, mtimeMs: local.mtimeMs });
}

async function upload(context: SyncContext, name: string, local: HashedFile, parentId?: string): Promise<void> {
  const stored = await uploadFile(context, local, { on: context.on, parentId });
  record(context.state, name, stored, local);
}

async function download(context: SyncContext, name: string, remote: RemoteFile, local?: HashedFile): Promise<void> {
  const { connection, signal, folder, progress, state } = context;
  const path = local?.path ?? join(folder, name);
  const transfer = progress.start(name, remote.size);
  try {
    await downloadFile(connection, remote, path, {
      signal,
      replace: local !== undefined,
      onProgress: (bytes) => transfer.update(bytes),
      ...(local && { assertReplaceable: () => assertUnchanged(local) }),
    });
  } finally {
    transfer.end();
  }
  record(state, name, remote, await statFile(path));
}

/**
 * Renames the local file, downloads the other one under the name, and uploads the local one as a
 * file of its own. A run that is killed in between has lost neither: the next one does the rest.
 */
async function keepBoth(context: SyncContext, name: string, local: HashedFile, remote: RemoteFile): Promise<void> {
  const copy = await renameToCopy(local);
  await download(context, name, remote);
  const renamed = await statFile(copy);
  await upload(context, localName(renamed.name), { ...renamed, sha256: local.sha256 });
  context.output.note(`conflict: ${name} changed on both sides; yours is ${copy}`);
}

export async function renameToCopy({ path }: Pick<HashedFile, 'path'>): Promise<string> {
  const { dir, name, ext } = parse(path);
  const day = new Date().toISOString().slice(0, 10);
  for (let number = 1; ; number++) {
    const copy = join(dir, `${name} (conflict ${day}${number > 1 ? ` ${number}` : ''})${ext}`);
    if (await moveIfFree(path, copy)) return copy;
  }
}

/** Renames a file without replacing another one: returns false if the name is taken. */
async function moveIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    await rm(from);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!NO_HARD_LINKS.includes(code)) throw error;
  }
  // The empty file takes the name, so that nothing but itself is replaced.
  const placeholder = await open(to, 'wx').catch((error) => {
    if (error.code === 'EEXIST') return undefined;
    throw error;
  });
  if (!placeholder) return false;
  await placeholder.close();
  await rename(from, to);
  return true;
}

/** Right before a file is detached: throws if it is here again, or changed on the server. */
async function assertStillDeleted(
  { connection, signal, folder, assertFolder }: SyncContext,
  name: string,
  remote: RemoteFile,
): Promise<void> {
  const [newest] = await listVersions(connection, remote.id, signal);
  if (newest?.id !== remote.id) throw new ClientError('it was changed there meanwhile; the next run sees it');
  if (await exists(join(folder, name))) throw new ClientError('it is here again; the next run sees it');
  await assertFolder(); // last: what is not mounted has no files
}

async function assertUnchanged(file: HashedFile): Promise<void> {
  if (!(await isUnchanged(file))) throw new ClientError(`${file.path} was changed meanwhile; the next run sees it`);
}
