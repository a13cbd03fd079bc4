import { addFiles, type Outcome } from '../attachments/add-files.ts';
import { type Attached, attachFiles } from '../attachments/attach-files.ts';
import type { Context } from '../context.ts';
import type { AttachableRef, File } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import { changing, type Inside } from '../events/in-transaction.ts';
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
  within?: (inside: Inside, attached: Attached) => Promise<T>,
): Promise<Attached & { result: T | undefined }> {
  return changing(ctx, async (inside) => {
    const stored = await attachFiles(inside, on, fileIds);
    const outcomes = received.length === 0 ? [] : (await addFiles(inside, received, { on })).outcomes;
    const attached: Attached = {
      files: [...stored.files, ...outcomes.map((outcome) => mustBeKept(outcome).file)],
      attachments: [...stored.attachments, ...outcomes.flatMap((outcome) => mustBeKept(outcome).attachments)],
      written: inside.written,
    };
    return { ...attached, result: await within?.(inside, attached) };
  });
}

/**
 * Creates or changes something, and hangs files that just came on it, in one change: with all of them, or not at all.
 * Throws what `addFiles` and `act` throw, and why a file was not kept.
 */
export async function withFiles<Made extends Attachable>(
  ctx: Context,
  received: readonly ReceivedFile[],
  act: (inside: Inside) => Promise<Made>,
): Promise<{ row: Made; files: Row<File>[] }> {
  return changing(ctx, async (inside) => {
    const row = await act(inside);
    await inside.em.flush();
    if (received.length === 0) return { row, files: [] };
    const { outcomes } = await addFiles(inside, received, { on: refOf(row) });
    return { row, files: outcomes.map((outcome) => mustBeKept(outcome).file) };
  });
}

function mustBeKept(outcome: Outcome): Extract<Outcome, { file: Row<File> }> {
  if ('failure' in outcome) throw outcome.failure;
  return outcome;
}
