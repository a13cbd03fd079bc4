import { type AddOptions, type AddPlace, mayAdd } from '../attachments/add-files.ts';
import { assertFreeSpace } from '../budget/free-space.ts';
import type { Context } from '../context.ts';
import { OverQuota } from '../errors.ts';
import { Allowance } from './byte-allowance.ts';
import { assertNoOverrun, chargeOf, temporaryRoom } from './temporary-quota.ts';

/**
 * Asks, before the first byte is read, for the rights that `addFiles` needs, and for free space.
 * Every transport that brings bytes in asks it. Throws what `mayAdd` does, `InsufficientStorage`,
 * `OverQuota`.
 */
export async function admitUpload(ctx: Context, options: AddOptions): Promise<AddPlace> {
  const place = await mayAdd(ctx, options);
  await assertFreeSpace(ctx);
  await assertNoOverrun(ctx);
  return place;
}

/**
 * The same for a form that may carry files, or none: without free space each file in it is refused
 * by itself, by what receives it, and a form without files is taken. Throws what `mayAdd` does.
 */
export async function admitForm(ctx: Context, options: AddOptions): Promise<void> {
  await mayAdd(ctx, options);
  await ctx.storage.space.read(); // what receives the files cannot wait for it
}

/**
 * What files may take together that will be attached to nothing, so that they are refused while
 * they come and not only when all of them have; undefined for files that will be attached. Throws
 * `OverQuota` when there is no room for any.
 */
export async function allowanceOf(ctx: Context, { target, parent }: AddPlace): Promise<Allowance | undefined> {
  const isAttached = parent ? parent.attachments.length > 0 : target !== undefined;
  if (isAttached) return undefined;
  const room = await temporaryRoom(ctx);
  if (room.bytes < chargeOf(0)) throw new OverQuota(`Nothing is taken. ${room.reason}`);
  return new Allowance(room);
}
