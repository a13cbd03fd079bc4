import { Command } from 'commander';
import { openMigrated } from '../app/open.ts';
import { readConfig } from '../config.ts';
import { resetEpoch } from '../events/log-epoch.ts';
import type { CommandIO } from './command-io.ts';

export function eventsCommand({ env, print }: CommandIO): Command {
  const group = new Command('events').description('the event log');
  const resetCursors = async () => {
    await using database = await openMigrated(readConfig(env));
    await resetEpoch(database.em());
    print(`All cursors of events in ${database.location} are invalid. A server that runs already has to be restarted.`);
  };
  group
    .command('reset-cursors')
    .description('invalidate all cursors: run it after restoring a backup, before you start the servers')
    .action(resetCursors);
  // The older name, which scripts may use.
  group.command('renew', { hidden: true }).action(resetCursors);
  return group;
}
