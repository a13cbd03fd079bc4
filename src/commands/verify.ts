import { Command } from 'commander';
import { openDatabaseAndStorage } from '../app/open.ts';
import { readConfig } from '../config.ts';
import { ConflictError } from '../errors.ts';
import { verify } from '../maintenance/verify.ts';
import type { CommandIO } from './command-io.ts';
import { row } from './row.ts';

export const verifyCommand = ({ env, print }: CommandIO): Command =>
  new Command('verify')
    .description('read the bytes of every file, and print each that is missing or changed; exits with 1 if any is')
    .action(async () => {
      await using stores = await openDatabaseAndStorage(readConfig(env));
      const found = { missing: 0, changed: 0, unreadable: 0 };
      const read = await verify(stores, ({ file, kind }) => {
        found[kind] += 1;
        print(row(kind, `File:${file.id}`, file.name, file.blobKey));
      });
      const { missing, changed, unreadable } = found;
      const unread = unreadable > 0 ? `, ${unreadable} unreadable` : '';
      print(`read ${read} files: ${missing} missing, ${changed} changed${unread}`);
      if (missing + changed + unreadable > 0)
        throw new ConflictError('Some blobs are missing or changed. Restore them by their keys from a backup.');
    });
