import type { Command } from 'commander';
import { clientCommand, createContext, parseNumber } from '../client-command.ts';
import type { GetOptions } from '../download/get.ts';
import type { Environment } from '../folders.ts';

export function getCommand(env: Environment): Command {
  return clientCommand('get', 'download a file, as in File:42, or all files of a place, as in Task:1')
    .argument('<id>', 'a file or a place')
    .option('-o, --output <path>', 'where to: a folder, or for one file a path, or "-" for standard output')
    .option('--parallel <number>', 'files to download at once', parseNumber(1, 16), 4)
    .option('--force', 'replace files that have another content', false)
    .option('-r, --recursive', 'also the files of the tasks of a project, and of the comments of a task', false)
    .addHelpText(
      'after',
      `
A file is written to .attache-….part, compared with its SHA-256, and renamed.
A run that was killed continues where it stopped when you repeat the command.
Files that are there with the same content are skipped.`,
    )
    .action(async (id: string, options: GetOptions) => {
      const { get } = await import('../download/get.ts');
      await get(await createContext(env, options), id, options);
    });
}
