import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { openMigrated } from '../app.ts';
import { addUserWithKey, allUsers } from '../auth/operator.ts';
import { readConfig } from '../config.ts';
import type { CommandIO } from './command-io.ts';
import { addLinkCommand } from './user-link.ts';

interface NewUserOptions {
  email?: string;
  title?: string;
  admin: boolean;
}

export function userCommand(io: CommandIO): Command {
  const { env, print } = io;
  const group = new Command('user').description('users');
  group
    .command('add <name>')
    .description('add a user, and print its id and its first API key')
    .option('--email <address>', 'the email address', parseEmail)
    .option('--title <title>', 'what the person does')
    .option('--admin', 'an administrator, who may see and change everything', false)
    .action(async (displayName: string, { admin, ...rest }: NewUserOptions) => {
      await using database = await openMigrated(readConfig(env));
      const input = { displayName, isAdmin: admin, ...rest };
      const { user, key } = await addUserWithKey(database.em(), input, new Date());
      print(`User:${user.id}\n${key}`);
    });
  group
    .command('list')
    .description('print every user, one a line: id, name, role, email address')
    .action(async () => {
      await using database = await openMigrated(readConfig(env));
      for (const { id, displayName, isAdmin, email } of await allUsers(database.em())) {
        print([`User:${id}`, displayName, isAdmin ? 'administrator' : 'user', email ?? '-'].join('\t'));
      }
    });
  addLinkCommand(group, io);
  return group;
}

function parseEmail(text: string): string {
  const { data } = z.email().safeParse(text.trim().toLowerCase());
  if (!data) throw new InvalidArgumentError('Write an address as in ada@example.com.');
  return data;
}
