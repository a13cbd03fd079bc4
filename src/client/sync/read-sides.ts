import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanName } from '../../files/file-name.ts';
import type { ClientContext } from '../client-command.ts';
import { localName, localNames } from '../download/local-name.ts';
import { hashFile, statEntry } from '../local-files.ts';
import { listFiles, type RemoteFile } from '../remote-files.ts';
import type { HashedFile, Sides } from './plan.ts';
import type { SyncState } from './state.ts';

/** Why files here cannot be read, by their names. They are neither synced nor taken for deleted. */
type Unreadable = ReadonlyMap<string, Error>;

/** Reads what the folder and the place have. */
export async function readSides(
  context: ClientContext,
  folder: string,
  on: string,
  state: SyncState,
): Promise<Sides & { unreadable: Unreadable; viewerCanAttach: boolean; eventCursor: string }> {
  const { connection, signal } = context;
  const { files, viewerCanAttach, eventCursor } = await listFiles(connection, on, { signal, withVersions: true });
  const remote = nameRemoteFiles(files, state);
  return { remote, ...(await readFolder(context, folder, state)), base: state.files, viewerCanAttach, eventCursor };
}

/**
 * Gives each file of the server its name in the folder: the one that it had in the last run,
 * whichever its version is now, or else a safe and unique one.
 */
function nameRemoteFiles(files: readonly RemoteFile[], state: SyncState): Map<string, RemoteFile> {
  const byVersion = new Map(files.flatMap((file) => (file.versions ?? [file]).map(({ id }) => [id, file] as const)));
  const named = new Map<string, RemoteFile>();
  const uniqueName = localNames();
  for (const [name, { id }] of state.files) {
    uniqueName(name); // Taken, also if the file is gone.
    const file = byVersion.get(id);
    if (file) named.set(name, file);
  }
  const known = new Set(named.values());
  // A file that got a version while the list was read is in it twice; only the later one counts.
  for (const file of new Set(byVersion.values())) if (!known.has(file)) named.set(uniqueName(file.name), file);
  return named;
}

/** Reads the files of the folder. Every name that `localNames` returns is among those it reads. */
export async function readFolder(
  { output, signal }: Pick<ClientContext, 'output' | 'signal'>,
  folder: string,
  state: Pick<SyncState, 'files'>,
): Promise<Pick<Sides, 'local' | 'blocked'> & { unreadable: Unreadable }> {
  const nameOf = (entry: string) => (state.files.has(entry) ? entry : localName(cleanName(entry)));
  const blocked = new Set<string>();
  const found = new Map<string, HashedFile>();
  const unreadable = new Map<string, Error>();
  let folders = 0;
  const entries = await readdir(folder, { withFileTypes: true });
  // Reported in the same order by each run; a folder has none.
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) folders += 1;
    const name = nameOf(entry.name);
    // Read again: others may have replaced it while those before it were hashed.
    const file = await statEntry(join(folder, entry.name)).catch(asFileError);
    if (file instanceof Error) {
      if (!isGone(file)) unreadable.set(name, file);
      continue;
    }
    if (!file) {
      blocked.add(name);
      continue;
    }
    if (found.has(name)) {
      output.note(`left out: ${file.path}: the name of ${found.get(name)?.path} is the same on other systems`);
      continue;
    }
    const known = state.files.get(name);
    const isKnown = known?.size === file.size && known.mtimeMs === file.mtimeMs;
    const sha256 = isKnown ? known.sha256 : await hashFile(file.path, signal).catch(asFileError);
    if (!(sha256 instanceof Error)) found.set(name, { ...file, sha256 });
    else if (!isGone(sha256)) unreadable.set(name, sha256);
  }
  if (folders > 0) output.note(`${folders} folders in ${folder} are left out: places have no folders.`);
  return { local: found, blocked, unreadable };
}

/** Returns an error of the file system, which concerns one file. Throws every other one. */
function asFileError(error: NodeJS.ErrnoException): NodeJS.ErrnoException {
  if (error.syscall !== undefined) return error;
  throw error;
}

/** Whether a file was removed since the folder was read, as temporary ones are. */
const isGone = ({ code }: NodeJS.ErrnoException): boolean => code === 'ENOENT';
