import { type AddOptions, type AddTarget, authorizeAdd } from '../attachments/add-files.ts';
import { assertFreeSpace } from '../budget/free-space.ts';
import { contextOf, type RequestContext } from '../context.ts';
import { ByteAllowance } from './byte-allowance.ts';
import { assertWithinTemporaryQuota, nothingFits, remainingTemporaryQuota } from './temporary-quota.ts';
import { billedBytes } from './temporary-usage.ts';
import { tokenAllowance } from './upload-token-limits.ts';

/**
 * Authorizes an upload before its first byte is read: asserts the rights that `addFiles` needs,
 * free space, and the viewer's quota of temporary bytes. Returns where the files will be added.
 * Throws what `authorizeAdd` throws, `InsufficientStorageError`, `QuotaExceededError`.
 */
export async function authorizeUpload(request: RequestContext, options: AddOptions): Promise<AddTarget> {
  const ctx = contextOf(request);
  const target = await authorizeAdd(ctx, options);
  await assertFreeSpace(ctx);
  await assertWithinTemporaryQuota(ctx);
  return target;
}

/**
 * The same for a form that may carry files or none. Without free space each file in it fails alone,
 * in its `FileReceiver`, and a form without files is accepted. Throws what `authorizeAdd` throws.
 */
export async function authorizeForm(request: RequestContext, options: AddOptions): Promise<void> {
  const ctx = contextOf(request);
  await authorizeAdd(ctx, options);
  await ctx.storage.space.read(); // measured here, because receivers do not wait for it
}

/**
 * The allowance that unattached files share, or those of a guest, so that they fail while they are
 * received, and not only when all bytes are; undefined for files of users that will be attached.
 * Throws `QuotaExceededError` when not even an empty file fits.
 */
export async function allowanceFor(
  ctx: RequestContext,
  { target, parent }: AddTarget,
): Promise<ByteAllowance | undefined> {
  const isAttached = parent ? parent.attachments.length > 0 : target !== undefined;
  if (isAttached) return tokenAllowance(ctx);
  const quota = await remainingTemporaryQuota(ctx);
  if (quota.bytes < billedBytes(0)) throw nothingFits(quota);
  return new ByteAllowance(quota);
}
