import { hashFile, type LocalFile } from '../local-files.ts';
import type { RemoteFile } from '../remote-files.ts';

/** Answers whether a file of this machine is on an attachable already. */
export interface ExistingFiles {
  /** The file of the same name and content. */
  find(file: LocalFile, signal: AbortSignal): Promise<RemoteFile | undefined>;
  /** The last file of the same name, whatever its content. */
  sameName(name: string): RemoteFile | undefined;
}

/** A content is hashed only if a file of the same name and size is there. */
export function existingFiles(files: readonly RemoteFile[]): ExistingFiles {
  const byName = Map.groupBy(files, ({ name }) => name);
  return {
    async find(local, signal) {
      const candidates = byName.get(local.name)?.filter(({ size }) => size === local.size) ?? [];
      if (candidates.length === 0) return undefined;
      const sha256 = await hashFile(local.path, signal);
      return candidates.find((file) => file.sha256 === sha256);
    },
    sameName: (name) => byName.get(name)?.at(-1),
  };
}
