import type { Context } from '../context.ts';
import type { File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import type { PresignedReadOptions, StoredBlob } from '../storage/storage.ts';
import { getFile } from './load-files.ts';

/** A file whose content the viewer may download. Its bytes are not opened yet. */
export interface Download {
  file: Row<File>;
  /** Opens the content. The caller disposes of it. Throws `BlobMissingError`. */
  open(): Promise<StoredBlob>;
  /** A URL at which the store itself sends the content; undefined where files are kept on a disk. */
  presignedUrl: ((link: PresignedReadOptions) => Promise<string>) | undefined;
}

/** Authorizes a download. Throws `NotFoundError` for a file that the viewer does not see. */
export async function authorizeDownload(ctx: Context, id: number): Promise<Download> {
  const { storage } = ctx;
  const file = await getFile(ctx, id);
  const { presignedUrl } = storage;
  return {
    file,
    open: () => storage.open(file.blobKey),
    presignedUrl: presignedUrl && ((link) => presignedUrl.call(storage, file.blobKey, link)),
  };
}
