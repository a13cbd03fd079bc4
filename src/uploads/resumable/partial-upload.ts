import type { UnfinishedUpload } from '../../database/entities/index.ts';
import { Forbidden } from '../../errors.ts';

/** Which uploads are joined, and which are joined from others; see `join.ts`. */

/** What `UnfinishedUpload.concat` has for an upload that becomes no file by itself. */
export const PARTIAL = 'partial';
export const isPartial = ({ concat }: Pick<UnfinishedUpload, 'concat'>): boolean => concat === PARTIAL;
/** Whether it is joined from partial uploads. */
export const isFinal = (upload: Pick<UnfinishedUpload, 'concat'>): boolean =>
  upload.concat !== null && !isPartial(upload);

/** "The Server MUST respond with the 403 Forbidden status to PATCH requests against a final upload URL". */
export function mustTakeBytes(upload: UnfinishedUpload): void {
  if (isFinal(upload)) throw new Forbidden('This upload is joined from others, and takes no bytes of its own.');
}
