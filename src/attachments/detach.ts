import type { Context } from '../context.ts';
import { type AttachableRef, Attachment, type File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { BadInput, NotFound } from '../errors.ts';
import { changing, type Inside } from '../events/changing.ts';
import { snapshotOf } from '../events/event.ts';
import { topicOf } from '../events/topic.ts';
import { reachToEdit } from '../workspace/attachable.ts';
import { type Attached, changeable, findAll, hangAll, newestOf } from './attach.ts';
import { homesOf, takeDown } from './home.ts';
import { lockChains } from './lock.ts';
import { keepUsage } from './usage.ts';

/**
 * Takes files off an attachable: all of them, or none and an error that names every id that is unknown or does not
 * hang there. They stay stored, and wherever else they hang. Throws `NotFound`, `Forbidden`, `BadInput`.
 */
export async function detachFiles(ctx: Context, from: AttachableRef, fileIds: readonly number[]): Promise<Row<File>[]> {
  return changing(ctx, async (inside) => {
    await reachToEdit(inside, from);
    return takeOff(inside, from, fileIds);
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
  return changing(ctx, async (inside) => {
    await reachToEdit(inside, from);
    const target = await reachToEdit(inside, to);
    // Asked before they are taken off: it may be the place that gives the right.
    const mayHouse = await changeable(inside, (await findAll(inside, fileIds)).files);
    return hangAll(inside, target, await takeOff(inside, from, fileIds), mayHouse);
  });
}

/** Takes the files off, says so, and answers them. */
async function takeOff(ctx: Inside, from: AttachableRef, fileIds: readonly number[]): Promise<Row<File>[]> {
  const { files, missing } = await findAll(ctx, fileIds);
  await lockChains(
    ctx,
    files.map((file) => file.chain),
  );
  const newest = await newestOf(ctx, files);
  const rows = await ctx.em.find(Attachment, {
    onType: from.type,
    onId: from.id,
    file: { $in: newest.map((file) => file.id) },
  });
  const here = new Set(rows.map((row) => row.file.id));
  const chains = new Set(newest.filter((file) => !here.has(file.id)).map((file) => file.chain));
  const elsewhere = files.filter((file) => chains.has(file.chain)).map((file) => `File:${file.id}`);
  const told =
    elsewhere.length > 0 ? `Nothing was changed: ${elsewhere.join(', ')} does not hang on ${topicOf(from)}.` : '';
  if (missing.length > 0) throw new NotFound(missing, told);
  if (told) throw new BadInput(told);
  const homes = await homesOf(
    ctx,
    newest.map((file) => file.id),
  );
  await keepUsage(
    ctx.em,
    newest.map((file) => file.chain),
    async () => {
      await takeDown(ctx, rows);
    },
  );
  const byId = new Map(newest.map((file) => [file.id, file]));
  for (const row of rows) {
    const file = byId.get(row.file.id) as File;
    ctx.tell({ type: 'FILE_DETACHED', attachment: row, home: homes.get(file.id), file: snapshotOf(file) });
  }
  return files;
}
