import { storageName } from '../api/storage-name.ts';
import type { UploadTarget } from './upload-item.ts';

/** How long the server keeps an idle upload, unless configured otherwise. */
const MAX_AGE_MS = 24 * 3_600_000;

interface StoredUpload {
  url: string;
  name: string;
  on: string | null;
  at: number;
}

/**
 * The addresses of unfinished uploads in the local storage of the browser, so that a file that is
 * chosen again after a reload continues where it stopped. An entry belongs to a user, a file and a
 * target.
 */
export interface StoredUploads {
  /** The address of the unfinished upload of a file; undefined if there is none. */
  find(fingerprint: string): string | undefined;
  keep(fingerprint: string, url: string, name: string, target: UploadTarget): void;
  remove(fingerprint: string): void;
  /** The names of files whose upload to an attachable was interrupted. */
  namesOn(on: string): { fingerprint: string; name: string }[];
}

/** Identifies a file and its target. */
export const fingerprintOf = (file: File, path: string, { on, parentId }: UploadTarget): string =>
  JSON.stringify([on ?? null, parentId ?? null, path, file.size, file.lastModified]);

export function openStoredUploads(userId: string, storage: Storage = localStorage): StoredUploads {
  const prefix = storageName(`upload ${userId} `);
  const read = (key: string): StoredUpload | undefined => {
    try {
      return JSON.parse(storage.getItem(key) ?? 'null') ?? undefined;
    } catch {
      return undefined;
    }
  };
  const keys = () => Object.keys(storage).filter((key) => key.startsWith(prefix));
  for (const key of keys()) if (Date.now() - (read(key)?.at ?? 0) > MAX_AGE_MS) storage.removeItem(key);
  return {
    find: (fingerprint) => read(prefix + fingerprint)?.url,
    keep(fingerprint, url, name, { on }) {
      const stored: StoredUpload = { url, name, on: on ?? null, at: Date.now() };
      try {
        storage.setItem(prefix + fingerprint, JSON.stringify(stored));
      } catch {
        // Full or forbidden: the upload works, and starts again after a reload.
      }
    },
    remove: (fingerprint) => storage.removeItem(prefix + fingerprint),
    namesOn: (on) =>
      keys().flatMap((key) => {
        const stored = read(key);
        return stored?.on === on ? [{ fingerprint: key.slice(prefix.length), name: stored.name }] : [];
      }),
  };
}
