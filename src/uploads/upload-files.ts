import { type AddOutcome, addFiles } from '../attachments/add-files.ts';
import { type AttachResult, attachFiles } from '../attachments/attach-files.ts';
import type { Context } from '../context.ts';
import type { AttachableRef, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { inTransaction, type TransactionContext } from '../events/in-transaction.ts';
import { type Attachable, refOf } from '../workspace/attachable.ts';
import type { ReceivedFile } from './receive.ts';

/**
 * Hangs stored files, and after them files that just came, on an attachable, in one change: all of them, or none.
 * `within` runs in the same transaction. Throws what `addFiles` and `attachFiles` throw, and why a file was not kept.
 */
export async function bringFiles<T = undefined>(
  ctx: Context,
  on: AttachableRef,
  { fileIds, received }: { fileIds: readonly number[]; received: readonly ReceivedFile[] },
  within?: (tx: TransactionContext, attached: AttachResult) => Promise<T>,
): Promise<AttachResult & { result: T | undefined }> {
  return inTransaction(ctx, async (tx) => {
    const stored = await attachFiles(tx, on, fileIds);
    const outcomes = received.length === 0 ? [] : (await addFiles(tx, received, { on })).outcomes;
    const attached: AttachResult = {
      files: [...stored.files, ...outcomes.map((outcome) => mustBeKept(outcome).file)],
      attachments: [...stored.attachments, ...outcomes.flatMap((outcome) => mustBeKept(outcome).attachments)],
      written: tx.written,
    };
    return { ...attached, result: await within?.(tx, attached) };
  });
}

/**
 * Creates or changes something, and hangs files that just came on it, in one change: with all of them, or not at all.
 * Throws what `addFiles` and `act` throw, and why a file was not kept.
 */
export async function withFiles<Made extends Attachable>(
  ctx: Context,
  received: readonly ReceivedFile[],
  act: (tx: TransactionContext) => Promise<Made>,
): Promise<{ row: Made; files: Row<File>[] }> {
  return inTransaction(ctx, async (tx) => {
    const row = await act(tx);
    await tx.em.flush();
    if (received.length === 0) return { row, files: [] };
    const { outcomes } = await addFiles(tx, received, { on: refOf(row) });
    return { row, files: outcomes.map((outcome) => mustBeKept(outcome).file) };
  });
}

function mustBeKept(outcome: AddOutcome): Extract<AddOutcome, { file: Row<File> }> {
  if ('failure' in outcome) throw outcome.failure;
  return outcome;
}
