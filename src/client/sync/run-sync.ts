import { temporaryFailure } from 'attache-client/errors';
import pLimit from 'p-limit';
import type { ClientContext } from '../client-command.ts';
import { ClientError, SignInError } from '../errors.ts';
import { createProgress } from '../progress.ts';
import { openUploadUrls } from '../upload/upload-urls.ts';
import { perform, type SyncContext } from './actions.ts';
import { type Action, planSync } from './plan.ts';
import { readSides } from './read-sides.ts';
import type { Reporter } from './report.ts';
import { openSyncState } from './state.ts';

export interface RunOptions {
  folder: string;
  /** The attachable. */
  on: string;
  parallel: number;
  delete: boolean;
  dryRun: boolean;
  reporter: Reporter;
  /** Throws `ClientError` when the folder was unmounted or replaced since it was locked. */
  assertFolder(): Promise<void>;
}

export interface RunResult {
  failed: number;
  /** Whether a file failed temporarily. */
  isTemporary: boolean;
  /** The position in the log of events before the run. */
  eventCursor: string;
}

/**
 * Makes a folder and a place have the same files once. A failing action does not stop the others.
 * The state is read each time: where the folder is no longer mounted, it is missing, and nothing
 * counts as deleted.
 */
export async function runSync(
  context: ClientContext,
  { folder, on, parallel, delete: deletes, dryRun, reporter, assertFolder }: RunOptions,
): Promise<RunResult> {
  const { connection, output, env } = context;
  await assertFolder();
  const state = await openSyncState(folder, connection.url, on, assertFolder);
  const { viewerCanAttach, eventCursor, ...sides } = await readSides(context, folder, on, state);
  await assertFolder(); // an empty folder in its place would count as deleted files
  const actions = planSync(sides, deletes).filter(({ name }) => !sides.unreadable.has(name));
  if (!viewerCanAttach && actions.some(changesPlace))
    throw new ClientError(`You may see ${on}, but not add files to it; some here are new or changed.`);
  for (const [name, error] of sides.unreadable) reporter.failure(name, error);
  const result = { failed: sides.unreadable.size, isTemporary: false, eventCursor };
  if (dryRun) {
    for (const action of actions) reporter.action(action, true);
    return result;
  }

  const fatal = new AbortController();
  const signal = AbortSignal.any([context.signal, fatal.signal]);
  const limit = pLimit(parallel);
  const progress = await createProgress(output);
  const urls = await openUploadUrls(env);
  const syncing: SyncContext = { connection, signal, output, progress, urls, folder, on, state, assertFolder };
  let done = 0;
  await limit.map(actions, async (action) => {
    if (signal.aborted) return;
    try {
      await perform(syncing, action);
      if (reporter.action(action, false)) done += 1;
    } catch (error) {
      if (error instanceof SignInError) fatal.abort(error);
      if (signal.aborted) return;
      result.failed += 1;
      if (temporaryFailure(error)) result.isTemporary = true;
      reporter.failure(action.name, error);
    }
  });
  await state.save();
  reporter.end({ done, failed: result.failed });
  signal.throwIfAborted();
  return result;
}

const changesPlace = ({ kind }: Action): boolean => ['upload', 'conflict', 'detachRemote'].includes(kind);
