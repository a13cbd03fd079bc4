import type { Command } from 'commander';
import { clientCommand, createContext } from '../client-command.ts';
import type { Environment } from '../folders.ts';
import type { WatchOptions } from '../watch/watch.ts';

export function watchCommand(env: Environment): Command {
  return clientCommand('watch', 'print each new file of a place, or run a command for it')
    .argument('<place>', 'as in Task:1, Project:1 or Contact:1')
    .option('--exec <command>', 'run this for each file; {} is the path of the downloaded file')
    .option('--cursor-file <path>', 'where to keep the position; one for each place and use')
    .option('--from-start', 'the first time, also the files that are there already', false)
    .option('--keep-going', 'go on after a command that failed, instead of stopping before its file', false)
    .addHelpText(
      'after',
      `
The position is stored after the command succeeded. The next run continues
there, so that no file is missed. A file whose command was running when the
process was killed comes again: the command has to cope with that.

The command is run without a shell. It has ATTACHE_FILE_ID, ATTACHE_FILE_NAME,
ATTACHE_FILE_SHA256 and ATTACHE_EVENT_ON in its environment. For a pipeline, write
  --exec 'sh -c "pdftotext \\"$1\\" - | grep -i total" sh {}'`,
    )
    .action(async (place: string, options: WatchOptions) => {
      const { watch } = await import('../watch/watch.ts');
      await watch(await createContext(env, options), place, options);
    });
}
