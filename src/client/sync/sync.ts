import { mkdir, stat } from 'node:fs/promises';
import { temporaryFailure } from 'attache-client/errors';
import { pause, retryDelayMs } from 'attache-client/retry';
import type { ClientContext, CommonOptions } from '../client-command.ts';
import { ClientError, messageOf, UsageError } from '../errors.ts';
import { parsePlace } from '../remote-files.ts';
import { Changes, watchFolder, watchPlace } from './changes.ts';
import { lockFolder } from './lock.ts';
import { createReporter } from './report.ts';
import { type RunOptions, runSync } from './run-sync.ts';

export interface SyncOptions extends CommonOptions {
  parallel: number;
  create: boolean;
  delete: boolean;
  dryRun: boolean;
  watch: boolean;
}

/** The next run without a change, in milliseconds: an event of the file system may get lost. */
const RESCAN_MS = 300_000;
/** The next run after files failed temporarily, in milliseconds. */
const RETRY_MS = 30_000;

/**
 * Makes a folder and a place have the same files, once or, with `--watch`, until it is interrupted.
 */
export async function sync(context: ClientContext, folder: string, place: string, options: SyncOptions): Promise<void> {
  const on = parsePlace(place);
  const { dryRun } = options;
  if (dryRun && options.watch) throw new UsageError('--watch and --dry-run exclude each other.');
  await assertFolderExists(folder, options);
  await using lock = dryRun ? undefined : await lockFolder(folder);
  const assertFolder = async () => {
    // Where the folder was unmounted or replaced, all files would be downloaded into what is there.
    if (lock && !(await lock.isHeld()))
      throw new ClientError(`${folder} is not the folder any more that was synced before.`);
  };
  const run: RunOptions = {
    ...options,
    folder,
    on,
    reporter: createReporter(context.output),
    assertFolder,
  };
  if (options.watch) return await syncContinuously(context, run);
  const { failed } = await runSync(context, run);
  if (failed > 0) throw new ClientError('Not everything was synced. Repeat the command to try the rest again.');
}

/** Throws `ClientError` unless the folder exists: a mistyped name would get a copy of all files. */
async function assertFolderExists(folder: string, { create, dryRun }: SyncOptions): Promise<void> {
  if (create && !dryRun) await mkdir(folder, { recursive: true });
  const stats = await stat(folder).catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!stats && create) throw new ClientError(`There is no folder ${folder} yet: a dry run does not create it.`);
  if (!stats) throw new ClientError(`There is no folder ${folder}: --create creates it.`);
  if (!stats.isDirectory()) throw new ClientError(`${folder} is not a folder.`);
}

/**
 * Runs after each change of either side. The folder is watched from before the first run on, the
 * place from the position of its list, so that no change falls in between.
 */
async function syncContinuously(context: ClientContext, run: RunOptions): Promise<never> {
  const { signal, output, connection } = context;
  const { folder, on } = run;
  const changes = new Changes(signal);
  using _folder = watchFolder(folder, context, changes);
  output.note(`Syncing ${folder} with ${on} on ${connection.url} until it is interrupted.`);
  for (let failures = 0; ; failures++) {
    try {
      let last = await runSync(context, run);
      await using _place = watchPlace(context, on, last.eventCursor, changes);
      for (;;) {
        await changes.next(last.isTemporary ? RETRY_MS : RESCAN_MS);
        failures = 0; // and not before: a server may end each subscription at once
        last = await runSync(context, run);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!temporaryFailure(error)) throw error;
      const delayMs = retryDelayMs(error, failures);
      output.note(`${messageOf(error)} Trying again in ${Math.ceil(delayMs / 1000)} s.`);
      await pause(delayMs, signal);
    }
  }
}
