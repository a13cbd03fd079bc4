import type { ResumableUpload } from '../../database/entities/index.ts';
import { ForbiddenError } from '../../errors.ts';

/** Which uploads are joined, and which are joined from others; see `join.ts`. */

/** What `ResumableUpload.concat` has for an upload that becomes no file by itself. */
export const PARTIAL = 'partial';
export const isPartial = ({ concat }: Pick<ResumableUpload, 'concat'>): boolean => concat === PARTIAL;
/** Whether it is joined from partial uploads. */
export const isFinal = (upload: Pick<ResumableUpload, 'concat'>): boolean =>
  upload.concat !== null && !isPartial(upload);

/** "The Server MUST respond with the 403 Forbidden status to PATCH requests against a final upload URL". */
export function assertTakesBytes(upload: ResumableUpload): void {
  if (isFinal(upload)) throw new ForbiddenError('This upload is joined from others, and takes no bytes of its own.');
}
