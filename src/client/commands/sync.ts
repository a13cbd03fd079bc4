import type { Command } from 'commander';
import { clientCommand, createContext, parseNumber } from '../client-command.ts';
import type { Environment } from '../folders.ts';
import type { SyncOptions } from '../sync/sync.ts';

export function syncCommand(env: Environment): Command {
  return clientCommand('sync', 'make a folder and a place have the same files, in both directions')
    .argument('<folder>', 'a folder of this machine')
    .argument('<place>', 'as in Task:1, Project:1 or Contact:1')
    .option('--parallel <number>', 'files to transfer at once', parseNumber(1, 16), 4)
    .option('--create', 'create the folder if it does not exist', false)
    .option('--delete', 'what was deleted on one side, delete here, and detach there', false)
    .option('--watch', 'stay, and sync after each change on either side', false)
    .option('--dry-run', 'print what would be done, and do nothing', false)
    .addHelpText(
      'after',
      `
A file that changed here becomes the next version there. If it changed on both
sides, both are kept: yours gets "(conflict …)" in its name. Without --delete,
nothing is ever deleted. Folders in the folder and hidden files are left out.
With --watch, it also reads the folder every five minutes, and ends with SIGINT.
FOLDER/.attache-sync.json has what both sides had after the last run.`,
    )
    .action(async (folder: string, place: string, options: SyncOptions) => {
      const { sync } = await import('../sync/sync.ts');
      await sync(await createContext(env, options), folder, place, options);
    });
}
