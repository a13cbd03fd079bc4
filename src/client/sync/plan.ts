import type { LocalFile } from '../local-files.ts';
import type { RemoteFile } from '../remote-files.ts';

/** What both sides had after the last run. */
export interface SyncedFile {
  /** The version on the server. */
  id: string;
  sha256: string;
}

export type HashedFile = LocalFile & { sha256: string };

/** Files are matched by the name that they have in the folder. */
export interface Sides {
  local: ReadonlyMap<string, HashedFile>;
  remote: ReadonlyMap<string, RemoteFile>;
  /** The state of the last run. */
  base: ReadonlyMap<string, SyncedFile>;
  /** Names of links, folders and other things here that are no regular files. */
  blocked: ReadonlySet<string>;
}

export type Action = { name: string } & (
  | { kind: 'upload'; local: HashedFile /** The file of which it becomes a version. */; parentId?: string }
  | { kind: 'download'; remote: RemoteFile /** The local file that is replaced. */; local?: HashedFile }
  | { kind: 'conflict'; local: HashedFile; remote: RemoteFile }
  | { kind: 'deleteLocal'; local: HashedFile }
  | { kind: 'detachRemote'; remote: RemoteFile }
  /** Deleted on the other side, and kept on this one. */
  | { kind: 'keepLocal' }
  | { kind: 'keepRemote'; remote: RemoteFile }
  /** Its name is taken here by something that is no regular file. */
  | { kind: 'blocked'; remote: RemoteFile }
  /** Both sides are equal. */
  | { kind: 'record'; local: HashedFile; remote: RemoteFile }
  /** Deleted on both sides. */
  | { kind: 'forget' }
);

/** Decides for each name what to do, by comparing both sides with the last run. */
export function planSync({ local, remote, base, blocked }: Sides, deletes: boolean): Action[] {
  const names = new Set([...base.keys(), ...local.keys(), ...remote.keys()]);
  return [...names].sort().map((name) => ({
    name,
    ...decide(
      { local: local.get(name), remote: remote.get(name), base: base.get(name), isBlocked: blocked.has(name) },
      deletes,
    ),
  })) as Action[];
}

interface Versions {
  local: HashedFile | undefined;
  remote: RemoteFile | undefined;
  base: SyncedFile | undefined;
  isBlocked: boolean;
}

type Decision = Action extends infer One ? (One extends Action ? Omit<One, 'name'> : never) : never;

function decide({ local, remote, base, isBlocked }: Versions, deletes: boolean): Decision {
  if (local && remote) return compare(local, remote, base);
  if (local) {
    // Deleted there, unless it is new here, or changed here since.
    if (!base || local.sha256 !== base.sha256) return { kind: 'upload', local };
    return deletes ? { kind: 'deleteLocal', local } : { kind: 'keepLocal' };
  }
  if (remote) {
    // A link that replaced the file is no deletion.
    if (isBlocked) return { kind: 'blocked', remote };
    if (!base || remote.sha256 !== base.sha256) return { kind: 'download', remote };
    return deletes ? { kind: 'detachRemote', remote } : { kind: 'keepRemote', remote };
  }
  return { kind: 'forget' };
}

function compare(local: HashedFile, remote: RemoteFile, base: SyncedFile | undefined): Decision {
  if (local.sha256 === remote.sha256) return { kind: 'record', local, remote };
  if (base?.sha256 === remote.sha256) return { kind: 'upload', local, parentId: remote.id };
  if (base?.sha256 === local.sha256) return { kind: 'download', remote, local };
  return { kind: 'conflict', local, remote };
}
