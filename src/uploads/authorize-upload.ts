import { type AddOptions, type AddTarget, authorizeAdd } from '../attachments/add-files.ts';
import { assertFreeSpace } from '../budget/free-space.ts';
import type { Context } from '../context.ts';
import { QuotaExceededError } from '../errors.ts';
import { ByteAllowance } from './byte-allowance.ts';
import { assertWithinTemporaryQuota, remainingTemporaryQuota } from './temporary-quota.ts';
import { billedBytes } from './temporary-usage.ts';

/**
 * Asks, before the first byte is read, for the rights that `addFiles` needs, and for free space.
 * Every transport that brings bytes in asks it. Throws what `authorizeAdd` does, `InsufficientStorage`,
 * `QuotaExceededError`.
 */
export async function authorizeUpload(ctx: Context, options: AddOptions): Promise<AddTarget> {
  const place = await authorizeAdd(ctx, options);
  await assertFreeSpace(ctx);
  await assertWithinTemporaryQuota(ctx);
  return place;
}

/**
 * The same for a form that may carry files, or none: without free space each file in it is refused
 * by itself, by what receives it, and a form without files is taken. Throws what `authorizeAdd` does.
 */
export async function authorizeForm(ctx: Context, options: AddOptions): Promise<void> {
  await authorizeAdd(ctx, options);
  await ctx.storage.space.read(); // what receives the files cannot wait for it
}

/**
 * What files may take together that will be attached to nothing, so that they are refused while
 * they come and not only when all of them have; undefined for files that will be attached. Throws
 * `QuotaExceededError` when there is no room for any.
 */
export async function allowanceFor(ctx: Context, { target, parent }: AddTarget): Promise<ByteAllowance | undefined> {
  const isAttached = parent ? parent.attachments.length > 0 : target !== undefined;
  if (isAttached) return undefined;
  const room = await remainingTemporaryQuota(ctx);
  if (room.bytes < billedBytes(0)) throw new QuotaExceededError(`Nothing is taken. ${room.reason}`);
  return new ByteAllowance(room);
}
