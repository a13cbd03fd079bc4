import type { Context } from '../context.ts';
import { type AttachableRef, Attachment, type File } from '../database/entities/index.ts';
import { BadInput } from '../errors.ts';
import { topicOf } from '../events/hub.ts';
import { reachToEdit } from '../workspace/attachable.ts';
import { announce } from './announce.ts';
import { type Attached, hangAll, seeAll } from './attach.ts';
import type { Seen } from './read.ts';
import { keepUsage } from './usage.ts';

/**
 * Takes files off an attachable: all of them, or none and an error that names every id that is unknown or does not
 * hang there. They stay stored, and wherever else they hang. Throws `NotFound`, `Forbidden`, `BadInput`.
 */
export async function detachFiles(ctx: Context, from: AttachableRef, fileIds: readonly number[]): Promise<File[]> {
  return ctx.em.transactional(async (em) => {
    const inside = { ...ctx, em };
    await reachToEdit(inside, from);
    const seen = await seeAll(inside, fileIds);
    await takeOff(inside, from, seen);
    return seen.map(({ file }) => file);
  });
}

/** Takes files off one attachable and hangs them on another, as one. Throws what both steps throw. */
export async function moveFiles(
  ctx: Context,
  from: AttachableRef,
  to: AttachableRef,
  fileIds: readonly number[],
): Promise<Attached> {
  if (topicOf(from) === topicOf(to)) throw new BadInput('Files are there already: "from" and "to" are the same.');
  const { fresh, ...moved } = await ctx.em.transactional(async (em) => {
    const inside = { ...ctx, em };
    await reachToEdit(inside, from);
    const target = await reachToEdit(inside, to);
    const seen = await seeAll(inside, fileIds);
    await takeOff(inside, from, seen);
    return hangAll(inside, target, seen);
  });
  announce(ctx, fresh);
  return moved;
}

async function takeOff(ctx: Context, from: AttachableRef, seen: readonly Seen[]): Promise<void> {
  const here = (row: Attachment) => row.onType === from.type && row.onId === from.id;
  const elsewhere = seen.filter(({ attachments }) => !attachments.some(here));
  if (elsewhere.length > 0) {
    throw new BadInput(
      `Nothing was changed: ${elsewhere.map(({ file }) => `File:${file.id}`).join(', ')} does not hang on ${topicOf(from)}.`,
    );
  }
  const ids = new Set(seen.flatMap(({ attachments }) => attachments.filter(here).map((row) => row.id)));
  await keepUsage(
    ctx.em,
    seen.map(({ file }) => file.chain),
    async () => {
      await ctx.em.nativeDelete(Attachment, { id: { $in: [...ids] } });
    },
  );
}
