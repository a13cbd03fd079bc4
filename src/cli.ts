import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import type { CommandIO } from './commands/command-io.ts';
import { eventsCommand } from './commands/events.ts';
import { shareCommand, tokenCommand } from './commands/guest-tokens.ts';
import { keyCommand } from './commands/key.ts';
import { migrateCommand } from './commands/migrate.ts';
import { serveCommand } from './commands/serve.ts';
import { sweepCommand } from './commands/sweep.ts';
import { userCommand } from './commands/user.ts';
import { verifyCommand } from './commands/verify.ts';

const commands = [
  serveCommand,
  migrateCommand,
  eventsCommand,
  sweepCommand,
  verifyCommand,
  userCommand,
  keyCommand,
  tokenCommand,
  shareCommand,
];

/** The command line, a file of `commands/` for each command. */
export function createCli(env: CommandIO['env'], print: CommandIO['print']): Command {
  const cli = new Command('attache')
    .description('A self-hosted GraphQL server for attachments.')
    .version(packageJson.version, '--version', 'print the version');
  for (const createCommand of commands) cli.addCommand(createCommand({ env, print }));
  return cli;
}
