import type { AddOptions, AddTarget } from '../attachments/add-files.ts';
import type { GroupOptions } from '../database/transaction-groups.ts';
import { topicOf } from '../events/topic.ts';
import { rowsOf } from '../workspace/authorize.ts';
import type { ReceiveOutcome } from './receive.ts';

/** An upload of more files runs alone: others would wait for it. */
const MAX_GROUPED_FILES = 20;

/**
 * The uploads with which this one may share a transaction, which are those to the same project, or
 * to the same entity. Their transactions lock the same rows: of the project and its topic. One that
 * also locks others, of files, users or sessions, runs alone, because it would lock them after
 * those of the project, and deadlock with transactions that lock them before.
 */
export function groupOf(
  { target }: AddTarget,
  { parentId, sessionToken }: AddOptions,
  outcomes: readonly ReceiveOutcome[],
): GroupOptions | undefined {
  const isShared = outcomes.some((outcome) => 'file' in outcome && outcome.file.isPersisted);
  const isAlone = parentId !== undefined || sessionToken !== undefined || isShared;
  if (!target || isAlone || outcomes.length > MAX_GROUPED_FILES) return undefined;
  return {
    key: topicOf(target.path[0] ?? target.ref),
    path: rowsOf(target),
  };
}
