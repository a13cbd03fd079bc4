import { canChangeFile } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type AttachableRef, Attachment, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { NotFound, OverQuota } from '../errors.ts';
import { snapshotOf } from '../events/event.ts';
import { changing, type Inside } from '../events/in-transaction.ts';
import type { Topic } from '../events/topic.ts';
import { factsOf, findFiles, seeFiles } from '../files/load-files.ts';
import { type Reached, reachToEdit } from '../workspace/attachable.ts';
import { hang } from './add-files.ts';
import { lockChains } from './lock-versions.ts';
import { homesOf } from './primary-attachment.ts';
import { bytesOf, filesIn, keepUsage, roomIn, takeRoom } from './quota.ts';

/** Files as they now hang on one attachable, in the order asked for. */
export interface Attached {
  files: Row<File>[];
  attachments: Row<Attachment>[];
  /** The last number of each topic that tells of it. */
  written: ReadonlyMap<Topic, number>;
}

/**
 * Hangs stored files on an attachable: all of them, or none and a `NotFound` that names every id that the viewer
 * may not see. A file that hangs there already stays as it is and is not told again. An older version stands for its
 * newest. `within` runs in the same transaction, for what has to be true together with it.
 * Throws `NotFound`, `Forbidden`, `OverQuota`.
 */
export async function attachFiles<T = undefined>(
  ctx: Context,
  on: AttachableRef,
  fileIds: readonly number[],
  within?: (inside: Inside, attached: Attached) => Promise<T>,
): Promise<Attached & { result: T | undefined }> {
  return changing(ctx, async (inside) => {
    const target = await reachToEdit(inside, on);
    const { files: found, missing } = await findAll(inside, fileIds);
    if (missing.length > 0) throw new NotFound(missing);
    await mustSeeNewest(inside, found);
    const attached = await hangAll(inside, target, found, await changeable(inside, found));
    return { ...attached, result: await within?.(inside, attached) };
  });
}

/**
 * Hangs the files, which the caller has locked, on the target, and says so of those that did not hang there. A file
 * without a home finds one there, if it is among those of the chains `mayHouse`.
 */
export async function hangAll(
  ctx: Inside,
  target: Reached,
  files: readonly Row<File>[],
  mayHouse: ReadonlySet<string>,
): Promise<Attached> {
  const newest = await newestOf(ctx, files);
  const { type: onType, id: onId } = target.ref;
  const there = await inChunks(
    newest.map((file) => file.id),
    (some) => ctx.em.find(Attachment, { onType, onId, file: { $in: some } }),
  );
  const byFile = new Map(there.map((row) => [row.file.id, row]));
  const homes = await homesOf(
    ctx,
    newest.map((file) => file.id),
  );
  await mustFit(ctx, target, newest);
  const chains = newest.map((file) => file.chain);
  const attachments = await keepUsage(ctx.em, chains, async () =>
    newest.map((file) => {
      const canBeHome = mayHouse.has(file.chain);
      return byFile.get(file.id) ?? hang(ctx, file, target, { canBeHome, isHome: canBeHome && !homes.has(file.id) });
    }),
  );
  for (const [index, file] of newest.entries()) {
    const attachment = attachments[index] as Attachment;
    const home = attachment.isHome ? attachment : homes.get(file.id);
    if (!there.includes(attachment)) ctx.tell({ type: 'FILE_ADDED', attachment, home, file: snapshotOf(file) });
  }
  return { files: newest, attachments, written: ctx.written };
}

/** The files, each once, in the order asked for; and the ids of those that the viewer may not see. */
export async function findAll(
  ctx: Context,
  fileIds: readonly number[],
): Promise<{ files: Row<File>[]; missing: string[] }> {
  const ids = [...new Set(fileIds)];
  const found = await findFiles(ctx, ids);
  return {
    files: ids.flatMap((id) => found.get(id) ?? []),
    missing: ids.filter((id) => !found.has(id)).map((id) => `File:${id}`),
  };
}

/** The chains of those files that the viewer may change. What is attached is the newest version: its rights count. */
export async function changeable(ctx: Context, files: readonly Row<File>[]): Promise<Set<string>> {
  const newest = await newestOf(ctx, files);
  const seen = await seeFiles(
    ctx,
    newest.map((file) => file.id),
  );
  const edited = [...seen.values()].filter(({ file, access }) => canChangeFile(ctx.viewer, factsOf(file), access));
  return new Set(edited.map(({ file }) => file.chain));
}

/**
 * Who sees an old version may still not have the newest, which is the one that hangs. From here on nobody else changes
 * which that is. Throws `NotFound`.
 */
export async function mustSeeNewest(ctx: Inside, files: readonly Row<File>[]): Promise<void> {
  await lockChains(
    ctx,
    files.map((file) => file.chain),
  );
  const newest = await newestOf(ctx, files);
  const visible = await findFiles(
    ctx,
    newest.map((file) => file.id),
  );
  const hidden = newest.filter((file) => !visible.has(file.id));
  if (hidden.length > 0) throw new NotFound(hidden.map((file) => `File:${file.id}`));
}

/** The newest version of each file, which is the one that hangs on things; in the same order, each once. Throws `NotFound` when one is gone. */
export async function newestOf(ctx: Context, files: readonly Row<File>[]): Promise<File[]> {
  const chains = [...new Set(files.map((file) => file.chain))];
  const versions = await inChunks(chains, (some) =>
    ctx.em.find(File, { chain: { $in: some }, isNewest: true }, { refresh: true }),
  );
  const byChain = new Map(versions.map((file) => [file.chain, file]));
  const gone = files.filter((file) => !byChain.has(file.chain)).map((file) => `File:${file.id}`);
  if (gone.length > 0) throw new NotFound(gone);
  return chains.map((chain) => byChain.get(chain) as File);
}

/** What comes new into a project has to fit into it; what hangs somewhere in it already is counted. */
async function mustFit(ctx: Context, { projectId }: Reached, files: readonly Row<File>[]): Promise<void> {
  if (projectId === undefined) return;
  const counted = await filesIn(
    ctx.em,
    projectId,
    files.map((file) => file.id),
  );
  const coming = files.filter((file) => !counted.has(file.id));
  if (coming.length === 0) return;
  const bytes = await bytesOf(
    ctx.em,
    coming.map((file) => file.chain),
  );
  const room = await roomIn(ctx, [projectId]);
  for (const file of coming) {
    const failure = takeRoom(room, { name: file.name, size: bytes.get(file.chain) ?? file.size });
    if (failure) throw new OverQuota(`Nothing was attached to Project:${projectId}: ${failure.message}`);
  }
}
