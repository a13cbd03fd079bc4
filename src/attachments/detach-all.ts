import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { inChunks } from '../database/chunks.ts';
import { type AttachableRef, Attachment, type File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { type Snapshot, snapshotOf } from '../events/event.ts';
import type { TransactionContext } from '../events/in-transaction.ts';
import { topicOf } from '../events/topic.ts';
import { trackTemporaryUsage } from '../uploads/temporary-usage.ts';
import { lockVersions } from './lock-versions.ts';
import { deleteAttachments, primaryAttachmentsOf } from './primary-attachment.ts';
import { trackProjectUsage } from './quota.ts';
import { removeVersionGroups } from './remove-versions.ts';

/**
 * Rows of one batch: it bounds memory and the length of statements, however many files there are.
 */
export const BATCH_SIZE = 200;
const withFile = { populate: ['file'], disableIdentityMap: true } as const;

/**
 * Detaches every file from the attachables, and removes those that are then attached to nothing. A
 * file whose primary attachment was on none of them stays stored, as when it is detached: otherwise
 * users could remove any file that they may attach to an attachable of their own. Administrators
 * remove these, too. Returns the removed ids.
 */
export async function detachAll(ctx: TransactionContext, refs: readonly AttachableRef[]): Promise<number[]> {
  if (refs.length === 0) return [];
  const where = {
    $or: [...Map.groupBy(refs, (ref) => ref.type)].map(([onType, ofType]) => ({
      onType,
      onId: { $in: ofType.map((ref) => ref.id) },
    })),
  };
  const removed: number[] = [];
  for (;;) {
    const found = await ctx.em.find(Attachment, where, { ...withFile, limit: BATCH_SIZE });
    if (found.length === 0) return removed;
    removed.push(...(await detachBatch(ctx, found)));
    // Memory stays bounded, and other requests are served between two batches.
    await ctx.em.flush();
    ctx.em.clear();
    await yieldToEventLoop();
  }
}

async function detachBatch(ctx: TransactionContext, found: readonly Attachment[]): Promise<number[]> {
  await lockVersions(
    ctx,
    found.map((row) => row.file.unwrap().versionGroup),
  );
  // Read again: while this waited, they may have got a next version, or have been detached.
  const rows = await inChunks(
    found.map((row) => row.id),
    (chunk) => ctx.em.find(Attachment, { id: { $in: chunk } }, withFile),
  );
  const files = new Map(rows.map((row) => [row.file.id, row.file.unwrap()]));
  const snapshots = new Map([...files].map(([id, file]) => [id, snapshotOf(file)]));
  const primaries = await primaryAttachmentsOf(ctx, [...files.keys()]);
  const primaryHere = new Set(rows.flatMap((row) => (row.isPrimary ? row.file.id : [])));
  const retained = [...files.values()].filter(({ id }) => !primaryHere.has(id) && !ctx.viewer.isAdmin);
  // Only retained files can become unattached: the others that are attached to nothing are removed
  // below.
  await trackTemporaryUsage(ctx.em, versionGroupsOf(retained), () =>
    trackProjectUsage(ctx.em, versionGroupsOf(files.values()), () => deleteAttachments(ctx, rows)),
  );
  const toRemove = new Map(files);
  for (const file of retained) toRemove.delete(file.id);
  for (const id of await attachedOf(ctx, files.keys())) toRemove.delete(id);

  for (const attachment of rows) {
    const { id } = attachment.file;
    const type = toRemove.has(id) ? 'FILE_REMOVED' : 'FILE_DETACHED';
    ctx.emit({ type, attachment, primary: primaries.get(id), file: snapshots.get(id) as Snapshot });
  }
  for (const { file, onType, onId } of rows.filter((row) => !toRemove.has(row.file.id))) {
    const details = { from: topicOf({ type: onType, id: onId }) };
    ctx.audit({ action: 'FILE_DETACHED', target: `File:${file.id}`, details });
  }
  await ctx.flushEvents();
  return removeVersionGroups(ctx, versionGroupsOf(toRemove.values()), trackProjectUsage);
}

/** Which of the files are attached to something. */
async function attachedOf({ em }: TransactionContext, ids: Iterable<number>): Promise<number[]> {
  const rows = await inChunks(ids, (chunk) =>
    em.find(Attachment, { file: { $in: chunk } }, { disableIdentityMap: true }),
  );
  return rows.map((row) => row.file.id);
}

const versionGroupsOf = (files: Iterable<Row<File>>): string[] => Array.from(files, (file) => file.versionGroup);
