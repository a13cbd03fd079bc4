import { canUploadWithToken, type UploadChoices } from '../auth/permissions.ts';
import type { Context, RequestContext } from '../context.ts';
import { ForbiddenError, QuotaExceededError, UnsupportedMediaTypeError } from '../errors.ts';

/** What an upload token grants, apart from its numbers: see `upload-token-limits.ts`. */

/**
 * Throws `ForbiddenError` for an upload beyond what the token of a guest grants. To be called
 * before anything is read for the upload, so that the error reveals nothing.
 */
export function assertWithinGrant({ uploadGrant }: RequestContext, upload: UploadChoices): void {
  if (!uploadGrant || canUploadWithToken(uploadGrant, upload)) return;
  throw new ForbiddenError('This upload token adds new files to its place, and permits nothing else.');
}

/**
 * A condition on resumable uploads: they belong to the user, or to the token of the guest. Neither
 * continues those of the other.
 */
export const ownerOf = ({ viewer, uploadGrant }: Context) => ({
  user: viewer.userId,
  uploadToken: uploadGrant?.tokenId ?? null,
});

/**
 * The error for a media type that the token does not accept; undefined for an accepted one, and for
 * users.
 */
export function contentTypeFailure(
  { uploadGrant }: RequestContext,
  { name, contentType }: { name: string; contentType: string },
): UnsupportedMediaTypeError | undefined {
  const accepted = uploadGrant?.contentTypes ?? [];
  if (accepted.length === 0 || accepted.some((pattern) => matches(pattern, contentType))) return undefined;
  return new UnsupportedMediaTypeError(`${name} is not accepted: it has to be one of ${accepted.join(', ')}.`);
}

/**
 * The same for the type that a client declares before it sends the bytes. One that declares nothing
 * is accepted: the type that the bytes prove is checked when they are stored.
 */
export function assertDeclaredType(ctx: RequestContext, claim: { name: string; contentType: string }): void {
  if (/^(?:application\/octet-stream)?$/i.test(claim.contentType.trim())) return;
  const failure = contentTypeFailure(ctx, claim);
  if (failure) throw failure;
}

function matches(pattern: string, contentType: string): boolean {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return pattern.endsWith('/*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}

/**
 * The error of a quota as a guest may see it: quotas say what projects and users have, which is not
 * for strangers.
 */
export const quotaFailure = ({ uploadGrant }: RequestContext, failure: QuotaExceededError): QuotaExceededError =>
  uploadGrant ? new QuotaExceededError('There is no space for this file at the moment.') : failure;
