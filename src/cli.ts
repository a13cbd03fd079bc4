import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { createClientCommands } from './client/client-cli.ts';
import type { CommandIO } from './commands/command-io.ts';
import { eventsCommand } from './commands/events.ts';
import { shareCommand, tokenCommand } from './commands/guest-tokens.ts';
import { keyCommand } from './commands/key.ts';
import { migrateCommand } from './commands/migrate.ts';
import { serveCommand } from './commands/serve.ts';
import { sweepCommand } from './commands/sweep.ts';
import { userCommand } from './commands/user.ts';
import { verifyCommand } from './commands/verify.ts';

const serverCommands = [
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

/** The whole command line. `main.ts` runs the commands for users without it. */
export function createCli(env: CommandIO['env'], print: CommandIO['print']): Command {
  const cli = new Command('attache')
    .description('A self-hosted GraphQL server for attachments.')
    .version(packageJson.version, '--version', 'print the version');
  cli.commandsGroup('Files on a server (ATTACHE_URL and ATTACHE_KEY, or "attache login"):');
  for (const command of createClientCommands(env)) cli.addCommand(command);
  cli.commandsGroup('The server and its data on this machine:');
  for (const createCommand of serverCommands) cli.addCommand(createCommand({ env, print }));
  throwUsageErrors(cli);
  return cli;
}

/**
 * Makes a command and those below it throw `CommanderError`, instead of ending the process with 1.
 */
function throwUsageErrors(command: Command): void {
  command.exitOverride();
  for (const one of command.commands) throwUsageErrors(one);
}
