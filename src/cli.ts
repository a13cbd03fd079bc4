import { Command } from 'commander';
import type { CommandIO } from './commands/command-io.ts';
import { events } from './commands/events.ts';
import { key } from './commands/key.ts';
import { migrate } from './commands/migrate.ts';
import { serve } from './commands/serve.ts';
import { sweep } from './commands/sweep.ts';
import { user } from './commands/user.ts';
import { verify } from './commands/verify.ts';

/** The command line, a file of `commands/` for each command. */
export function createCli(env: CommandIO['env'], print: CommandIO['print']): Command {
  const cli = new Command('attache').description('A self-hosted GraphQL server for attachments.');
  for (const command of [serve, migrate, events, sweep, verify, user, key]) cli.addCommand(command({ env, print }));
  return cli;
}
