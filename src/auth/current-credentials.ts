import type { Context } from '../context.ts';
import { ConflictError, ForbiddenError, NotFoundError, UnauthenticatedError } from '../errors.ts';
import { isKeyRevoked, refreshViewer } from './authenticate-key.ts';
import { assertShareLinkWorks, assertUploadTokenWorks } from './guest.ts';
import type { Viewer } from './permissions.ts';
import { viewerOfUser } from './sign-in-users.ts';

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

/** For how many milliseconds a request runs without a second look at its credentials. */
const LONG_REQUEST_MS = 5000;

/**
 * The viewer of a request with the current rights of an administrator. A request that runs for less
 * than 5 seconds has them as they were when it began, and costs nothing here. Before a long one
 * changes anything, and while it sends content, its credentials are looked up again: a slow upload
 * must not be stored long after its key was revoked. Throws `UnauthenticatedError` when the key,
 * token or link was revoked, or its user disabled or removed. A key or token of a user that only
 * expired meanwhile does not end the request: tokens of identity providers live for minutes.
 */
export async function currentViewer(ctx: Context): Promise<Viewer> {
  const { em, viewer, uploadGrant, client, now } = ctx;
  const isLong = now().getTime() - ctx.startedAt.getTime() >= LONG_REQUEST_MS;
  // Without a client, the server works for itself.
  if (!isLong || !client) return viewer;
  if (uploadGrant) await assertUploadTokenWorks(em, uploadGrant.tokenId, now());
  await assertShareLinkWorks(em, viewer, now());
  const { keyId, userId } = viewer;
  const user = await viewerOfUser(em, userId, viewer.scope);
  if (!user || (keyId !== undefined && (await isKeyRevoked(em, keyId)))) throw new UnauthenticatedError();
  return { ...viewer, isAdmin: user.isAdmin };
}

/** How often credentials are looked up while content is sent, in milliseconds. */
export const RECHECK_MS = 10_000;
const checkedAt = new WeakMap<Context, number>();

/**
 * Looks up the credentials of a request that sends many files, every 10 seconds, however often it
 * is called. Throws what `currentViewer` throws.
 */
export async function recheckCredentials(ctx: Context): Promise<void> {
  const now = ctx.now().getTime();
  if (now - (checkedAt.get(ctx) ?? ctx.startedAt.getTime()) < RECHECK_MS) return;
  checkedAt.set(ctx, now);
  await ctx.currentViewer(ctx);
}
