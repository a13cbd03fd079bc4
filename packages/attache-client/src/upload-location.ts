import type { UploadServer } from './upload-server.ts';

/** Where the address of an unfinished upload is remembered, so that another run continues it. */
export interface UploadLocation {
  get(): string | undefined;
  set(url: string): void;
  remove(): void;
}

/** The entry of an upload in the storage of the server, if it has one. */
export function storedLocation(
  { url, storage }: UploadServer,
  file: Blob,
  metadata: Record<string, string>,
): UploadLocation | undefined {
  if (!storage) return undefined;
  const { size, lastModified = 0 } = file as Partial<File>;
  // After a page reload, the same file may have a new key.
  const { idempotencyKey: _, ...target } = metadata;
  // Identifies the file and its target, as far as a browser can know.
  const key = `attache-upload ${uploadsUrl(url)} ${size} ${lastModified} ${JSON.stringify(target)}`;
  return {
    get: () => storage.getItem(key) ?? undefined,
    set: (location) => storage.setItem(key, location),
    remove: () => storage.removeItem(key),
  };
}

/** The address at which uploads are created, from that of `/graphql`. */
export const uploadsUrl = (url: string): string => url.replace(/\/graphql\/?$/, '/uploads');
