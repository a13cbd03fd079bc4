import type { Context } from '../context.ts';
import { ConflictError, ForbiddenError, NotFoundError } from '../errors.ts';
import { refreshViewer } from './authenticate-key.ts';
import { assertUploadTokenWorks } from './guest.ts';

/**
 * Credentials that end while a request runs. The request then finds less than when it began: the
 * uploads of a revoked token have expired, and a removed user is a member of nothing. Its error
 * says that the credentials have ended, as that of the next request will.
 */

/**
 * Throws `UnauthenticatedError` when the credentials of a request have ended since it began. To be
 * called before an error that their end may have caused.
 */
export async function assertCredentialsWork({ em, viewer, uploadGrant, now }: Context): Promise<void> {
  if (uploadGrant) await assertUploadTokenWorks(em, uploadGrant.tokenId, now());
  else await refreshViewer(em, viewer, now());
}

/** The errors that the end of credentials causes. */
const consequences = [NotFoundError, ForbiddenError, ConflictError];

/**
 * Runs the work of a request. Throws `UnauthenticatedError` instead of `NotFoundError`,
 * `ForbiddenError` and `ConflictError` when the credentials have ended meanwhile.
 */
export async function withCredentials<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (consequences.some((kind) => error instanceof kind)) await assertCredentialsWork(ctx);
    throw error;
  }
}
