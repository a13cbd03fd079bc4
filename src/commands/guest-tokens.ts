import { Command } from 'commander';
import { openMigrated } from '../app/open.ts';
import { readConfig } from '../config.ts';
import {
  allShareLinksOf,
  allUploadTokensOf,
  revokeShareLinkById,
  revokeShareLinksOf,
  revokeUploadTokenById,
  revokeUploadTokensOf,
} from '../sharing/operator.ts';
import type { CommandIO } from './command-io.ts';
import { stateOf } from './key.ts';
import { parseId } from './parse-id.ts';
import { row } from './row.ts';

const isUser = (id: string): boolean => id.startsWith('User:');

export function tokenCommand({ env, print }: CommandIO): Command {
  const group = new Command('token').description('upload tokens of guests');
  group
    .command('list <userId>')
    .description('print the upload tokens that a user created, one a line: id, place, files, bytes, whether it works')
    .action(async (userId: string) => {
      await using database = await openMigrated(readConfig(env));
      for (const token of await allUploadTokensOf(database.em(), parseId('User', userId))) {
        const { id, onType, onId, usedFiles, maxFiles, usedBytes, maxBytes } = token;
        const used = [`${usedFiles} of ${maxFiles} files`, `${usedBytes} of ${maxBytes} bytes`];
        print(row(`UploadToken:${id}`, `${onType}:${onId}`, ...used, stateOf(token)));
      }
    });
  group
    .command('revoke <id>')
    .description('revoke an upload token, as in UploadToken:1, or all of a user, as in User:1')
    .action(async (tokenId: string) => {
      await using database = await openMigrated(readConfig(env));
      if (isUser(tokenId)) {
        const count = await revokeUploadTokensOf(database.em(), parseId('User', tokenId));
        return print(`${count} upload tokens of ${tokenId} are revoked.`);
      }
      const id = parseId('UploadToken', tokenId);
      await revokeUploadTokenById(database.em(), id);
      print(`UploadToken:${id} is revoked.`);
    });
  return group;
}

export function shareCommand({ env, print }: CommandIO): Command {
  const group = new Command('share').description('share links of guests');
  group
    .command('list <userId>')
    .description('print the share links that a user created, one a line: id, what it shares, name, whether it works')
    .action(async (userId: string) => {
      await using database = await openMigrated(readConfig(env));
      for (const link of await allShareLinksOf(database.em(), parseId('User', userId))) {
        const what = link.onType ? `${link.onType}:${link.onId}` : 'one file';
        print(row(`ShareLink:${link.id}`, what, link.name || '-', stateOf(link)));
      }
    });
  group
    .command('revoke <id>')
    .description('revoke a share link, as in ShareLink:1, or all of a user, as in User:1')
    .action(async (linkId: string) => {
      await using database = await openMigrated(readConfig(env));
      if (isUser(linkId)) {
        const count = await revokeShareLinksOf(database.em(), parseId('User', linkId));
        return print(`${count} share links of ${linkId} are revoked.`);
      }
      const id = parseId('ShareLink', linkId);
      await revokeShareLinkById(database.em(), id);
      print(`ShareLink:${id} is revoked.`);
    });
  return group;
}
