import type { Command } from 'commander';
import { clientCommand, createContext, parseNumber } from '../client-command.ts';
import type { Environment } from '../folders.ts';
import type { ListOptions } from '../list.ts';

export function lsCommand(env: Environment): Command {
  return clientCommand('ls', 'list the files of a place, the versions of a file, or the places that you may see')
    .argument('[id]', 'a place, as in Task:1, or a file, as in File:42; without it, the places')
    .option('--limit <number>', 'the most items to list', parseNumber(1, 1_000_000_000))
    .option('-r, --recursive', 'also the files of the tasks of a project, and of the comments of a task', false)
    .action(async (id: string | undefined, options: ListOptions) => {
      const { list } = await import('../list.ts');
      await list(await createContext(env, options), id, options);
    });
}
