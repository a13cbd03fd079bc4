import { Command, InvalidArgumentError, Option } from 'commander';
import { openDatabaseAndStorage } from '../app/open.ts';
import { readConfig } from '../config.ts';
import { sweep } from '../maintenance/sweep.ts';
import type { CommandIO } from './command-io.ts';

interface SweepOptions {
  olderThan: number;
  dryRun: boolean;
  force: boolean;
}

export const sweepCommand = ({ env, print }: CommandIO): Command =>
  new Command('sweep')
    .description('remove abandoned uploads, and bytes that no file refers to')
    .option('--older-than <hours>', 'keep what is younger; use 0 only while no server runs', parseHours, 24)
    .option('--dry-run', 'count the bytes without a file, and remove nothing', false)
    .option('--force', 'remove them even if most of the bytes have no file', false)
    // Its older name, which scripts may use.
    .addOption(new Option('--even-most').hideHelp().implies({ force: true }))
    .action(async ({ olderThan, dryRun, force }: SweepOptions) => {
      await using stores = await openDatabaseAndStorage(readConfig(env));
      const before = new Date(Date.now() - olderThan * 3_600_000);
      const swept = await sweep(stores, { before, dryRun, force });
      const orphans = `${swept.orphans} blobs without a file (${swept.orphanBytes} bytes)`;
      print(
        dryRun
          ? `would remove ${orphans}`
          : `removed ${orphans}, ${swept.deleted} of removed files, ${swept.staged} abandoned uploads`,
      );
      if (swept.missing > 0) print(`the bytes of ${swept.missing} files are missing: "attache verify" lists them`);
    });

function parseHours(text: string): number {
  const hours = Number(text);
  if (text.trim() === '' || !(hours >= 0 && hours <= 87_600))
    throw new InvalidArgumentError('Write a number of hours, as in 24.');
  return hours;
}
