import type { ResumableUpload } from '../../database/entities/index.ts';
import { ForbiddenError } from '../../errors.ts';

/**
 * Which uploads are partial, and which are final, that is joined from partial ones; see
 * `concatenate.ts`.
 */

/** The value of `ResumableUpload.concat` for a partial upload. */
export const PARTIAL = 'partial';

/** Whether it is a part of a final upload, and becomes no file by itself. */
export const isPartial = ({ concat }: Pick<ResumableUpload, 'concat'>): boolean => concat === PARTIAL;

/** Whether it is joined from partial uploads. */
export const isFinal = (upload: Pick<ResumableUpload, 'concat'>): boolean =>
  upload.concat !== null && !isPartial(upload);

/**
 * Throws `ForbiddenError` for a final upload: "The Server MUST respond with the 403 Forbidden
 * status to PATCH requests against a final upload URL"
 * (https://tus.io/protocols/resumable-upload#concatenation).
 */
export function assertAcceptsBytes(upload: ResumableUpload): void {
  if (isFinal(upload)) throw new ForbiddenError('This upload is joined from others, and accepts no bytes.');
}
