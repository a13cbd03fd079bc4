import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { canRemoveFile } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { type AttachableRef, Attachment, BlobDeletion, File } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { type Row, rowsWhere } from '../database/rows.ts';
import { lockRows } from '../database/sql.ts';
import { Forbidden } from '../errors.ts';
import { type Snapshot, snapshotOf } from '../events/event.ts';
import { changing, type Inside } from '../events/in-transaction.ts';
import { factsOf, type Seen, seeFile } from '../files/load-files.ts';
import type { Storage } from '../storage/storage.ts';
import { keepTemporary } from '../uploads/temporary-quota.ts';
import { reachToEdit } from '../workspace/attachable.ts';
import { follow } from './add-files.ts';
import { tellChange } from './emit-file-events.ts';
import { lockChains } from './lock-versions.ts';
import { deleteAttachments, homesOf, takeDown } from './primary-attachment.ts';
import { keepProjectUsage, keepUsage } from './quota.ts';

/** Rows that are looked at together: however much there is, memory and statements stay small. */
export const BATCH = 200;

/**
 * Removes a file with all its versions from everything it hangs on, or only the one version that the id names, after
 * which the one before it is the newest. Bytes go once nothing needs them; a download under way ends whole.
 * Answers the ids removed. Throws `NotFound`, or `Forbidden` when the viewer may see it but not remove it.
 */
export async function removeFile(ctx: Context, id: number, { onlyThisVersion = false } = {}): Promise<number[]> {
  return removing(ctx, async (inside) => {
    await lockChains(inside, [(await seeFile(inside, id)).file.chain]);
    const seen = await seeFile(inside, id);
    const versions = await rowsWhere(inside.em, File, 't.chain = ?', [seen.file.chain]);
    mayRemove(inside, seen, onlyThisVersion ? [seen.file] : versions);
    return onlyThisVersion ? removeVersion(inside, seen.file) : removeChains(inside, [seen.file.chain]);
  });
}

/**
 * Takes every file off an attachable, and removes those that hang nowhere else. Answers the ids removed.
 * Throws `NotFound`, `Forbidden`.
 */
export async function removeAllFiles(ctx: Context, on: AttachableRef): Promise<number[]> {
  return removing(ctx, async (inside) => {
    await reachToEdit(inside, on);
    return strip(inside, [on]);
  });
}

/** Runs a removal in a transaction, and deletes the bytes that it set free once that is committed. */
export async function removing<T>(ctx: Context, remove: (inside: Inside) => Promise<T>): Promise<T> {
  const removed = await changing(ctx, remove);
  ctx.em.clear();
  try {
    await finishDeletions(ctx.em, ctx.storage);
  } catch (err) {
    // For everybody the files are gone. Their bytes are still on the list of deletions, and go at the next occasion.
    ctx.log.warn({ err }, 'bytes of removed files could not be deleted yet');
  }
  return removed;
}

/**
 * Takes everything off the attachables, and removes what then hangs nowhere. A file that did not belong to any of them
 * was shown there, and no more: it stays stored, as when it is detached. Otherwise whoever attaches a file to a place of
 * their own could remove it.
 */
export async function strip(ctx: Inside, refs: readonly AttachableRef[]): Promise<number[]> {
  if (refs.length === 0) return [];
  const where = {
    $or: [...Map.groupBy(refs, (ref) => ref.type)].map(([onType, some]) => ({
      onType,
      onId: { $in: some.map((ref) => ref.id) },
    })),
  };
  const removed: number[] = [];
  for (;;) {
    const rows = await ctx.em.find(Attachment, where, { populate: ['file'], limit: BATCH, disableIdentityMap: true });
    if (rows.length === 0) return removed;
    const files = new Map(rows.map((row) => [row.file.id, row.file.unwrap()]));
    const snapshots = new Map([...files].map(([id, file]) => [id, snapshotOf(file)]));
    const homes = await homesOf(ctx, [...files.keys()]);
    const belonging = new Set(rows.flatMap((row) => (row.isHome ? row.file.id : [])));
    const staying = [...files.values()].filter(({ id }) => !belonging.has(id) && !ctx.viewer.isAdmin);
    // What is attached to nothing now and does not stay is removed below.
    await keepTemporary(
      ctx.em,
      staying.map((file) => file.chain),
      () =>
        keepProjectUsage(
          ctx.em,
          [...files.values()].map((file) => file.chain),
          () => takeDown(ctx, rows),
        ),
    );
    const elsewhere = await inChunks(files.keys(), (some) =>
      ctx.em.find(Attachment, { file: { $in: some } }, { disableIdentityMap: true }),
    );
    for (const row of elsewhere) files.delete(row.file.id);
    for (const file of staying) files.delete(file.id);
    for (const attachment of rows) {
      const file = snapshots.get(attachment.file.id) as Snapshot;
      const type = files.has(file.id) ? 'FILE_REMOVED' : 'FILE_DETACHED';
      ctx.tell({ type, attachment, home: homes.get(file.id), file });
    }
    await ctx.write();
    removed.push(
      ...(await removeChains(
        ctx,
        [...files.values()].map((file) => file.chain),
        keepProjectUsage,
      )),
    );
    // A piece is done with: nothing read of it is kept, and others have their turn.
    await ctx.em.flush();
    ctx.em.clear();
    await yieldToOthers();
  }
}

/** All of the versions have to be the viewer's to remove: who uploaded one does not take away the others'. */
function mayRemove(ctx: Context, { file, access }: Seen, versions: readonly Row<File>[]): void {
  if (versions.every((version) => canRemoveFile(ctx.viewer, factsOf(version), access))) return;
  throw new Forbidden(
    `You may see File:${file.id}, but only its uploader and those who may edit all that it hangs on remove it.`,
  );
}

async function removeChains(ctx: Inside, chains: readonly string[], keep = keepUsage): Promise<number[]> {
  if (chains.length === 0) return [];
  const files = await inChunks(chains, (some) => ctx.em.find(File, { chain: { $in: some } }));
  const ids = files.map((file) => file.id);
  const attachments = await inChunks(ids, (some) =>
    ctx.em.find(Attachment, { file: { $in: some } }, { populate: ['file'] }),
  );
  const homes = new Map(attachments.filter((row) => row.isHome).map((row) => [row.file.id, row]));
  for (const attachment of attachments) {
    const file = snapshotOf(attachment.file.unwrap());
    ctx.tell({ type: 'FILE_REMOVED', attachment, home: homes.get(file.id), file });
  }
  await keep(ctx.em, chains, async () => {
    await deleteAttachments(
      ctx,
      attachments.map((row) => row.id),
    );
    await deleteRows(ctx, files);
  });
  return ids;
}

async function removeVersion(ctx: Inside, file: Row<File>): Promise<number[]> {
  const versions = await ctx.em.find(File, { chain: file.chain }, { orderBy: { version: 'desc' } });
  const next = versions.find((version) => version.id !== file.id);
  if (!next) return removeChains(ctx, [file.chain]);
  const before = snapshotOf(versions[0] as File);
  const attachments = await ctx.em.find(Attachment, { file: before.id });
  await keepUsage(ctx.em, [file.chain], async () => {
    if (file.isNewest) {
      next.isNewest = true;
      for (const row of attachments) follow(ctx, row, next);
      await ctx.em.flush();
    }
    await deleteRows(ctx, [file]);
  });
  const after = file.id === before.id ? snapshotOf(next) : before;
  const home = attachments.find((row) => row.isHome);
  for (const attachment of attachments) {
    const change = { type: 'FILE_VERSION_REMOVED', attachment, home, previousFileId: file.id } as const;
    tellChange(ctx, change, before, after);
  }
  return [file.id];
}

/** Deletes the rows, and puts bytes that no other file needs on the list of deletions. */
async function deleteRows(ctx: Context, files: readonly Row<File>[]): Promise<void> {
  const keys = [...new Set(files.map((file) => file.blobKey))];
  // Of two who remove the last that need the same bytes, the second finds that nobody does.
  const sharing = await inChunks(keys, (some) =>
    ctx.em.find(File, { blobKey: { $in: some } }, { fields: ['id'], disableIdentityMap: true }),
  );
  const ids = sharing.map((file) => file.id);
  if (ids.length > files.length) await lockRows(ctx.em, 'files', ids, 'update');
  await inChunks(
    files.map((file) => file.id),
    (some) => ctx.em.nativeDelete(File, { id: { $in: some } }),
  );
  const left = await inChunks(keys, (some) =>
    ctx.em.find(File, { blobKey: { $in: some } }, { disableIdentityMap: true }),
  );
  const needed = new Set(left.map((file) => file.blobKey));
  await ctx.em.insertMany(
    BlobDeletion,
    keys.filter((key) => !needed.has(key)).map((blobKey) => ({ blobKey, requestedAt: ctx.now() })),
  );
}

/** Deletes the bytes on the list, also what a crash left on it. Answers how many went. */
export async function finishDeletions(em: EntityManager, storage: Storage): Promise<number> {
  for (let gone = 0; ; ) {
    const left = await em.find(BlobDeletion, {}, { limit: BATCH, disableIdentityMap: true });
    if (left.length === 0) return gone;
    const keys = left.map((row) => row.blobKey);
    await Promise.all(keys.map((key) => storage.delete(key)));
    await em.nativeDelete(BlobDeletion, { blobKey: { $in: keys } });
    gone += keys.length;
  }
}
