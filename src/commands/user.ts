import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { openMigrated } from '../app/open.ts';
import { exportUser } from '../auth/export-user.ts';
import { eachUser } from '../auth/list-users.ts';
import { addUserWithKey, removeUserById, setUserDisabled } from '../auth/operator.ts';
import { readConfig } from '../config.ts';
import { printableJson } from '../printable.ts';
import type { CommandIO } from './command-io.ts';
import { parseId } from './parse-id.ts';
import { row } from './row.ts';
import { addLinkCommand } from './user-link.ts';

interface NewUserOptions {
  email?: string;
  title?: string;
  admin: boolean;
  service: boolean;
}

interface ListOptions {
  search?: string;
  admins?: true;
  disabled?: true;
  service?: true;
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
    .option('--service', 'a service account: a program without an email address', false)
    .action(async (displayName: string, { admin, service, ...rest }: NewUserOptions) => {
      await using database = await openMigrated(readConfig(env));
      const input = { displayName, isAdmin: admin, isService: service, ...rest };
      const { user, key } = await addUserWithKey(database.em(), input);
      print(`User:${user.id}\n${key}`);
    });
  group
    .command('list')
    .description('print every user, one a line: id, name, role, email address, and disabled or service')
    .option('--search <text>', 'only those with this text in the name or the email address')
    .option('--admins', 'only administrators')
    .option('--disabled', 'only those who cannot sign in')
    .option('--service', 'only service accounts')
    .action(async ({ search, admins, disabled, service }: ListOptions) => {
      await using database = await openMigrated(readConfig(env));
      const filter = { search, isAdmin: admins, isDisabled: disabled, isService: service };
      for await (const user of eachUser(database.em(), filter)) {
        const role = user.isAdmin ? 'administrator' : 'user';
        const states = [...(user.disabledAt ? ['disabled'] : []), ...(user.isService ? ['service'] : [])];
        print(row(`User:${user.id}`, user.displayName, role, user.email ?? '-', ...states));
      }
    });
  addLinkCommand(group, io);
  for (const [name, isDisabled] of [
    ['disable', true],
    ['enable', false],
  ] as const)
    group
      .command(`${name} <userId>`)
      .description(
        isDisabled
          ? 'disable a user, as in User:2, who cannot sign in until enabled again'
          : 'let a disabled user sign in again',
      )
      .action(async (userId: string) => {
        await using database = await openMigrated(readConfig(env));
        const id = parseId('User', userId);
        await setUserDisabled(database.em(), id, isDisabled);
        print(`User:${id} is ${name}d.`);
      });
  const remove = async (userId: string, erase: boolean) => {
    await using database = await openMigrated(readConfig(env));
    const id = parseId('User', userId);
    await removeUserById(database.em(), id, { erase });
    print(`User:${id} is removed${erase ? ', and its personal data is erased' : ''}.`);
  };
  group
    .command('remove <userId>')
    .description('remove a user for good; what the user added stays')
    .option('--erase', 'erase the personal data, too', false)
    .action((userId: string, { erase }: { erase: boolean }) => remove(userId, erase));
  group
    .command('erase <userId>')
    .description('remove a user for good, unless removed before, and erase the personal data')
    .action((userId: string) => remove(userId, true));
  group
    .command('export <userId>')
    .description('print everything that is stored about a user, a JSON object a line')
    .action(async (userId: string) => {
      await using database = await openMigrated(readConfig(env));
      for await (const object of exportUser(database.em(), parseId('User', userId))) print(printableJson(object));
    });
  return group;
}

function parseEmail(text: string): string {
  const { data } = z.email().safeParse(text.trim().toLowerCase());
  if (!data) throw new InvalidArgumentError('Write an address as in ada@example.com.');
  return data;
}
