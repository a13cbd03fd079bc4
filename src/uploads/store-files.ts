import { type AddOptions, addFiles } from '../attachments/add-files.ts';
import type { AddOutcome } from '../attachments/add-versions.ts';
import type { Context } from '../context.ts';
import type { AttachableRef, Attachment } from '../database/entities/index.ts';
import type { Row } from '../database/rows.ts';
import type { GroupOptions } from '../database/transaction-groups.ts';
import { inTransaction } from '../events/in-transaction.ts';
import type { ReceivedFile, ReceiveOutcome } from './receive.ts';
import { toFileFailure, type UploadResult } from './upload-result.ts';

/**
 * Whether a file that fails is reported beside the others, or rejects the request: then none is
 * stored.
 */
export type FailurePolicy = 'report' | 'reject';

interface StoreOptions {
  /** `report` unless given. */
  onFailure?: FailurePolicy;
  /** Whether an upload has reserved the quota of the files already. */
  isReserved?: boolean;
  /** With which others a transaction of its own may share a commit. */
  group?: GroupOptions | undefined;
}

/**
 * Stores received files and merges their outcomes, in the caller's transaction or one of its own.
 * Throws what `addFiles` throws; with `reject`, the error of a file that failed.
 */
export async function storeFiles(
  ctx: Context,
  outcomes: readonly ReceiveOutcome[],
  options: AddOptions,
  { onFailure = 'report', isReserved = false, group }: StoreOptions = {},
): Promise<UploadResult> {
  await commitAll(outcomes);
  return inTransaction(
    ctx,
    async (tx) => {
      if (outcomes.length === 0) return { on: options.on, files: [], attachments: [], written: tx.written, errors: [] };
      if (onFailure === 'reject') assertNoFailure(outcomes);
      const added = await addFiles(tx, receivedOf(outcomes), options, { isReserved });
      if (onFailure === 'reject') assertNoFailure(added.outcomes);
      return { ...mergeOutcomes(outcomes, added.outcomes, options.on), written: added.written };
    },
    { group },
  );
}

/**
 * Commits the bytes to the storage before the transaction begins, because others wait for its
 * locks.
 */
export async function commitAll(outcomes: readonly ReceiveOutcome[]): Promise<void> {
  await Promise.all(outcomes.map((outcome) => ('file' in outcome ? outcome.file.commit() : undefined)));
}

/** The files that were received, in the order of the request. */
export const receivedOf = (outcomes: readonly ReceiveOutcome[]): ReceivedFile[] =>
  outcomes.flatMap((outcome) => ('file' in outcome ? outcome.file : []));

function assertNoFailure(outcomes: readonly (ReceiveOutcome | AddOutcome)[]): void {
  for (const outcome of outcomes) if ('failure' in outcome) throw outcome.failure;
}

/**
 * The result of a request: what became of the files that were received, in `added`, and of those
 * that failed before.
 */
export function mergeOutcomes(
  outcomes: readonly ReceiveOutcome[],
  added: readonly AddOutcome[],
  on: AttachableRef | undefined,
): UploadResult {
  const result: UploadResult = { on, files: [], attachments: [], errors: [] };
  const attachments = new Set<Row<Attachment>>();
  let next = 0;
  for (const [index, received] of outcomes.entries()) {
    const outcome = 'file' in received ? (added[next++] as AddOutcome) : received;
    if ('failure' in outcome) {
      result.errors.push(toFileFailure(index, received.filename, outcome.failure));
      continue;
    }
    result.files.push(outcome.file);
    for (const row of outcome.attachments) if (isOn(row, on)) attachments.add(row);
  }
  result.attachments.push(...attachments);
  return result;
}

const isOn = (row: Row<Attachment>, on: AttachableRef | undefined): boolean =>
  row.onType === on?.type && row.onId === on.id;
