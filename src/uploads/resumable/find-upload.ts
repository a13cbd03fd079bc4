import { assertCredentialsWork } from '../../auth/current-credentials.ts';
import { type Context, contextOf, type RequestContext } from '../../context.ts';
import { ResumableUpload } from '../../database/entities/index.ts';
import { NotFoundError } from '../../errors.ts';
import { ownerOf } from '../upload-grant.ts';

/**
 * The viewer's upload, or that of the guest's token, as it is now. Nobody continues an upload of
 * the other kind. Throws `NotFoundError`, also when it has expired, and `UnauthenticatedError` when
 * it has because the credentials of the request ended.
 */
export async function findUpload(request: RequestContext, id: string): Promise<ResumableUpload> {
  const ctx = contextOf(request);
  const found = await ctx.em.findOne(ResumableUpload, { id, ...ownerOf(ctx) }, fromWriter);
  if (!found || found.expiresAt <= ctx.now()) return refuseMissing(ctx, id);
  return found;
}

/** Throws the error of an upload that was not found, as `findUpload` does. */
export async function refuseMissing(ctx: Context, id: string): Promise<never> {
  await assertCredentialsWork(ctx);
  throw new NotFoundError([`/uploads/${id}`]);
}

/** Reads from the connection that writes, so that what was just written is read. */
export const fromWriter = { refresh: true, connectionType: 'write' } as const;
