import { Command } from 'commander';
import { openMigrated } from '../app/open.ts';
import { readConfig } from '../config.ts';
import type { CommandIO } from './command-io.ts';

export const migrateCommand = ({ env, print }: CommandIO): Command =>
  new Command('migrate')
    .description('run the pending migrations of the database, and nothing else')
    .action(async () => {
      await using _database = await openMigrated(readConfig(env), { create: true });
      print('The database is up to date.');
    });
