import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type AttachableRef, Attachment, type File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { BadInput, NotFound } from '../errors.ts';
import { snapshotOf } from '../events/event.ts';
import { changing, type Inside } from '../events/in-transaction.ts';
import { topicOf } from '../events/topic.ts';
import { reachToEdit } from '../workspace/attachable.ts';
import { type Attached, changeable, findAll, hangAll, mustSeeNewest, newestOf } from './attach-files.ts';
import { lockChains } from './lock-versions.ts';
import { deleteAttachments, homesOf, passHomesOn } from './primary-attachment.ts';
import { keepUsage } from './quota.ts';

/**
 * Takes files off an attachable: all of them, or none and an error that names every id that is unknown or does not
 * hang there. They stay stored, and wherever else they hang. Throws `NotFound`, `Forbidden`, `BadInput`.
 */
export async function detachFiles(ctx: Context, from: AttachableRef, fileIds: readonly number[]): Promise<Row<File>[]> {
  return changing(ctx, async (inside) => {
    await reachToEdit(inside, from);
    const { files, rows } = await takeOff(inside, from, fileIds);
    await passHomesOn(inside, rows);
    return files;
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
    const { files: found } = await findAll(inside, fileIds);
    await mustSeeNewest(inside, found);
    const mayHouse = await changeable(inside, found);
    const { files, rows } = await takeOff(inside, from, fileIds);
    const attached = await hangAll(inside, target, files, mayHouse);
    await moveHomes(inside, rows, attached);
    return attached;
  });
}

/** A file that belonged where it was taken off belongs where it was moved to, also when it was attached there already. */
async function moveHomes({ em }: Inside, rows: readonly Attachment[], { attachments }: Attached): Promise<void> {
  const moved = new Set(rows.flatMap((row) => (row.isHome ? row.file.id : [])));
  const homes = attachments.filter((row) => moved.has(row.file.id)).map((row) => row.id);
  if (homes.length === 0) return;
  await em.flush();
  await inChunks(homes, (some) =>
    em.nativeUpdate(Attachment, { id: { $in: some } }, { isHome: true, canBeHome: true }),
  );
}

/** Takes the files off, says so, and answers them and the rows that are gone. The caller passes their homes on. */
async function takeOff(
  ctx: Inside,
  from: AttachableRef,
  fileIds: readonly number[],
): Promise<{ files: Row<File>[]; rows: Attachment[] }> {
  const { files, missing } = await findAll(ctx, fileIds);
  await lockChains(
    ctx,
    files.map((file) => file.chain),
  );
  const newest = await newestOf(ctx, files);
  const rows = await inChunks(
    newest.map((file) => file.id),
    (some) => ctx.em.find(Attachment, { onType: from.type, onId: from.id, file: { $in: some } }),
  );
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
    () =>
      deleteAttachments(
        ctx,
        rows.map((row) => row.id),
      ),
  );
  const byId = new Map(newest.map((file) => [file.id, file]));
  for (const row of rows) {
    const file = byId.get(row.file.id) as File;
    ctx.tell({ type: 'FILE_DETACHED', attachment: row, home: homes.get(file.id), file: snapshotOf(file) });
  }
  return { files, rows };
}
