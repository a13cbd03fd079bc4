import type { Command } from 'commander';
import { clientCommand, createContext, parseNumber } from '../client-command.ts';
import type { Environment } from '../folders.ts';
import type { UploadOptions } from '../upload/upload.ts';

export function uploadCommand(env: Environment): Command {
  return clientCommand('upload', 'upload files and folders to a place, as in Task:1')
    .argument('<paths...>', 'files and folders; "-" is standard input')
    .requiredOption('--to <place>', 'where to, as in Task:1, Project:1 or Contact:1')
    .option('--parallel <number>', 'files to upload at once', parseNumber(1, 16), 4)
    .option('--new-version', 'upload a file of a name that is there as its next version, not beside it', false)
    .option('--hidden', 'also upload what is hidden in folders, whose name starts with a dot', false)
    .option('--name <name>', 'the name of the file from standard input')
    .addHelpText(
      'after',
      `
Places have no folders: a file of a folder is uploaded by its own name.
What is there with the same name and content is skipped. A run that was killed
continues where it stopped when you repeat the command.`,
    )
    .action(async (paths: string[], options: UploadOptions) => {
      const { upload } = await import('../upload/upload.ts');
      await upload(await createContext(env, options), paths, options);
    });
}
