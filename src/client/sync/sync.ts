import { mkdir, stat } from 'node:fs/promises';
import pLimit from 'p-limit';
import type { ClientContext, CommonOptions } from '../client-command.ts';
import { ClientError, messageOf, SignInError } from '../errors.ts';
import { explainFileError } from '../file-error.ts';
import { createProgress } from '../progress.ts';
import { parsePlace } from '../remote-files.ts';
import { openUploadUrls } from '../upload/upload-urls.ts';
import { perform, type SyncContext } from './actions.ts';
import { lockFolder } from './lock.ts';
import { type Action, planSync } from './plan.ts';
import { readSides } from './read-sides.ts';
import { openSyncState } from './state.ts';

export interface SyncOptions extends CommonOptions {
  parallel: number;
  create: boolean;
  delete: boolean;
  dryRun: boolean;
}

/** Makes a folder and a place have the same files. A failing action does not stop the others. */
export async function sync(context: ClientContext, folder: string, place: string, options: SyncOptions): Promise<void> {
  const { connection, output, env } = context;
  const on = parsePlace(place);
  await assertFolder(folder, options);
  await using _lock = options.dryRun ? undefined : await lockFolder(folder);
  const state = await openSyncState(folder, connection.url, on);
  const { viewerCanAttach, ...sides } = await readSides(context, folder, on, state);
  const actions = planSync(sides, options.delete);
  if (!viewerCanAttach && actions.some(changesPlace))
    throw new ClientError(`You may see ${on}, but not add files to it; some here are new or changed.`);

  const fatal = new AbortController();
  const signal = AbortSignal.any([context.signal, fatal.signal]);
  const limit = pLimit(options.parallel);
  const counts = { done: 0, failed: 0 };
  if (options.dryRun) {
    for (const action of actions) report(context, action, true);
    return;
  }
  const progress = await createProgress(output);
  const urls = await openUploadUrls(env);
  const syncing: SyncContext = { connection, signal, output, progress, urls, folder, on, state };
  await limit.map(actions, async (action) => {
    if (signal.aborted) return;
    try {
      await perform(syncing, action);
      if (report(context, action, false)) counts.done += 1;
    } catch (thrown) {
      if (thrown instanceof SignInError) fatal.abort(thrown);
      if (signal.aborted) return;
      counts.failed += 1;
      const error = explainFileError(thrown);
      const code = error instanceof ClientError ? error.code : (error as NodeJS.ErrnoException).code;
      const failure = { status: 'failed', name: action.name, error: { message: messageOf(error), code } };
      if (output.isJson) output.result(failure, []);
      output.note(`failed: ${action.name}: ${messageOf(error)}`);
    }
  });
  await state.save();

  const { done, failed } = counts;
  output.note(`${done === 0 ? 'Nothing' : done} changed, ${failed} failed.`);
  signal.throwIfAborted();
  if (failed > 0) throw new ClientError('Not everything was synced. Repeat the command to try the rest again.');
}

/**
 * Throws `ClientError` unless the folder exists or may be created: a mistyped name would get a copy of
 * all files of the place.
 */
async function assertFolder(folder: string, { create, dryRun }: SyncOptions): Promise<void> {
  if (create && !dryRun) await mkdir(folder, { recursive: true });
  const stats = await stat(folder).catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!stats && create) throw new ClientError(`There is no folder ${folder} yet: a dry run does not create it.`);
  if (!stats) throw new ClientError(`There is no folder ${folder}: --create creates it.`);
  if (!stats.isDirectory()) throw new ClientError(`${folder} is not a folder.`);
}

const changesPlace = ({ kind }: Action): boolean => ['upload', 'conflict', 'detachRemote'].includes(kind);

const statuses: Partial<Record<Action['kind'], [done: string, planned: string]>> = {
  upload: ['uploaded', 'would upload'],
  download: ['downloaded', 'would download'],
  conflict: ['conflict', 'would keep both'],
  deleteLocal: ['deleted here', 'would delete here'],
  detachRemote: ['detached there', 'would detach there'],
  keepLocal: ['deleted there, kept here', 'deleted there, would keep here'],
  blocked: ['left out, its name here is of a link or folder', 'would leave out, its name here is of a link or folder'],
  keepRemote: ['deleted here, kept there', 'deleted here, would keep there'],
};

/** Prints an action, and returns whether it changes anything. */
function report({ output }: ClientContext, action: Action, isDryRun: boolean): boolean {
  const [done, planned] = statuses[action.kind] ?? [];
  if (!done || !planned) return false;
  const id = 'remote' in action ? action.remote.id : undefined;
  output.result({ action: action.kind, name: action.name, id, isDryRun }, [isDryRun ? planned : done, action.name]);
  return !['keepLocal', 'keepRemote', 'blocked'].includes(action.kind);
}
