import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { createApp, openDatabaseAndStorage, openMigrated, operatorSecretOf } from './app.ts';
import { addKeyOf, addUserWithKey, allKeysOf, allUsers, revokeKeyById } from './auth/operator.ts';
import { deriveSealingKey } from './auth/signing-keys.ts';
import { misspelledSettings, readConfig } from './config.ts';
import { isDay, parseDateTime } from './date-time.ts';
import { BadUserInputError, ConflictError } from './errors.ts';
import { resetEpoch } from './events/log-epoch.ts';
import { sweep } from './maintenance/sweep.ts';
import { verify } from './maintenance/verify.ts';

/** The command line. `print` writes a line to the person who called. */
export function createCli(env: NodeJS.ProcessEnv, print: Print): Command {
  const cli = new Command('attache').description('A self-hosted GraphQL server for attachments.');

  cli
    .command('serve')
    .description('serve until stopped; brings the database up to date first')
    .action(async () => {
      const config = readConfig(env);
      for (const warning of misspelledSettings(env)) print(warning);
      const stopped = stopSignal();
      // Printed as soon as it is made: whatever goes wrong after that, the key is not to be had again.
      const onMadeKey = (key: string) => {
        print(`Administrator key   ${key}`);
        print(`                    shown this once: keep it. Send it as "Authorization: Bearer KEY".`);
      };
      await using app = await createApp(config, { onMadeKey });
      print(`Attaché listens at  ${app.url}/graphql`);
      print(`GraphiQL            open the same address in a browser`);
      print(`Data                ${config.dataDir}`);
      if (config.databaseUrl) print(`Database            PostgreSQL at ${app.database}`);
      await stopped;
    });

  cli
    .command('migrate')
    .description('bring the database up to date, and do nothing else')
    .action(async () => {
      await using _database = await openMigrated(readConfig(env));
      print('The database is up to date.');
    });

  cli
    .command('events')
    .description('the log of events')
    .command('renew')
    .description('end all cursors: run it after restoring a backup, before you start the servers')
    .action(async () => {
      await using database = await openMigrated(readConfig(env));
      await resetEpoch(database.em());
      print('No cursor from before is good any more.');
    });

  addByteCommands(cli, env, print);
  addUserCommands(cli.command('user').description('users'), env, print);
  addKeyCommands(cli.command('key').description('API keys'), env, print);
  return cli;
}

type Print = (line: string) => void;

function addByteCommands(cli: Command, env: NodeJS.ProcessEnv, print: Print): void {
  cli
    .command('sweep')
    .description('remove what belongs to nobody: abandoned uploads, bytes without a file')
    .option('--older-than <hours>', 'leave alone what is younger; 0 only while no server runs', hoursOf, 24)
    .option('--dry-run', 'only count the bytes without a file', false)
    .option('--even-most', 'go on although most of the bytes would go', false)
    .action(async ({ olderThan, ...rest }: { olderThan: number; dryRun: boolean; evenMost: boolean }) => {
      const { dryRun } = rest;
      await using stores = await openDatabaseAndStorage(readConfig(env));
      const swept = await sweep(stores, { before: new Date(Date.now() - olderThan * 3_600_000), ...rest });
      print(
        dryRun
          ? `would remove ${swept.orphans} blobs without a file (${swept.orphanBytes} bytes)`
          : `removed ${swept.orphans} blobs without a file (${swept.orphanBytes} bytes), ` +
              `${swept.deleted} of removed files, ${swept.staged} abandoned uploads`,
      );
      if (swept.missing > 0) print(`the bytes of ${swept.missing} files are not there: "attache verify" says of which`);
    });
  cli
    .command('verify')
    .description('read the bytes of every file, and print each that is missing or changed; ends with 1 if any is')
    .action(async () => {
      await using stores = await openDatabaseAndStorage(readConfig(env));
      const found = { missing: 0, changed: 0, unreadable: 0 };
      const read = await verify(stores, ({ file, kind }) => {
        found[kind] += 1;
        print([kind, `File:${file.id}`, file.name, file.blobKey].join('\t'));
      });
      const { missing, changed, unreadable } = found;
      print(
        `read ${read} files: ${missing} missing, ${changed} changed${unreadable > 0 ? `, ${unreadable} unreadable` : ''}`,
      );
      if (missing + changed + unreadable > 0)
        throw new ConflictError('Some bytes are not what they were. Restore them, by their keys, from a backup.');
    });
}

function hoursOf(text: string): number {
  const hours = Number(text);
  if (text.trim() === '' || !(hours >= 0 && hours <= 87_600))
    throw new InvalidArgumentError('Write a number of hours, as in 24.');
  return hours;
}

function addUserCommands(user: Command, env: NodeJS.ProcessEnv, print: Print): void {
  user
    .command('add <name>')
    .description('add a user, and print its id and its first API key')
    .option('--email <address>', 'where to write to', emailOf)
    .option('--title <title>', 'what the person does')
    .option('--admin', 'may see and change everything', false)
    .action(async (displayName: string, { admin, ...rest }: { email?: string; title?: string; admin: boolean }) => {
      await using database = await openMigrated(readConfig(env));
      const input = { displayName, isAdmin: admin, ...rest };
      const { user, key } = await addUserWithKey(database.em(), input, new Date());
      print(`User:${user.id}\n${key}`);
    });
  user
    .command('list')
    .description('print every user, one a line: id, name, rank, address')
    .action(async () => {
      await using database = await openMigrated(readConfig(env));
      for (const { id, displayName, isAdmin, email } of await allUsers(database.em())) {
        print([`User:${id}`, displayName, isAdmin ? 'administrator' : 'user', email ?? '-'].join('\t'));
      }
    });
}

function addKeyCommands(apiKey: Command, env: NodeJS.ProcessEnv, print: Print): void {
  apiKey
    .command('add <userId>')
    .description('make another API key of a user, as in User:1, and print it')
    .option('--name <name>', 'what it is for', 'made on the command line')
    .addOption(new Option('--scope <scope>', 'what it may be used for').choices(scopes).default('WRITE'))
    .option('--expires <date>', 'from when on it no longer works, as in 2027-01-31 or 2027-01-31T12:00:00Z', dateOf)
    .option('--worksection', 'also keep it encrypted, so that Worksection scripts can sign with it', false)
    .action(async (userId: string, options: NewKeyOptions) => {
      const config = readConfig(env);
      await using database = await openMigrated(config);
      const { name, scope, expires: expiresAt = null } = options;
      const now = new Date();
      const sealingKey = options.worksection
        ? await deriveSealingKey(database.em(), await operatorSecretOf(config))
        : undefined;
      const input = { name, scope, expiresAt, now, sealingKey };
      const { key } = await addKeyOf(database.em(), numberIn('User', userId), input);
      print(key);
    });
  apiKey
    .command('list <userId>')
    .description('print the API keys of a user, as in User:1, one a line: id, scope, name, whether it works')
    .action(async (userId: string) => {
      await using database = await openMigrated(readConfig(env));
      for (const key of await allKeysOf(database.em(), numberIn('User', userId))) {
        print([`ApiKey:${key.id}`, key.scope, key.name, stateOf(key)].join('\t'));
      }
    });
  apiKey
    .command('revoke <keyId>')
    .description('end an API key, as in ApiKey:1, at once')
    .action(async (keyId: string) => {
      await using database = await openMigrated(readConfig(env));
      await revokeKeyById(database.em(), numberIn('ApiKey', keyId), new Date());
      print(`ApiKey:${numberIn('ApiKey', keyId)} is revoked.`);
    });
}

interface NewKeyOptions {
  name: string;
  scope: (typeof scopes)[number];
  expires?: Date;
  worksection: boolean;
}

const scopes = ['READ', 'WRITE', 'ADMIN'] as const;

/** The number in an id, with or without its type. */
function numberIn(type: string, id: string): number {
  const [, digits] = new RegExp(`^(?:${type}:)?([1-9]\\d{0,15})$`).exec(id) ?? [];
  if (!digits) throw new BadUserInputError(`"${id}" is not an id. Write it as in ${type}:1.`);
  return Number(digits);
}

type Moment = Date | null | undefined;

function stateOf({ revokedAt, expiresAt }: { revokedAt?: Moment; expiresAt?: Moment }): string {
  if (revokedAt) return `revoked ${revokedAt.toISOString()}`;
  if (!expiresAt) return 'works';
  return `${expiresAt <= new Date() ? 'expired' : 'works until'} ${expiresAt.toISOString()}`;
}

function emailOf(text: string): string {
  const { data } = z.email().safeParse(text.trim().toLowerCase());
  if (!data) throw new InvalidArgumentError('Write an address as in ada@example.com.');
  return data;
}

function dateOf(text: string): Date {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const date = isDay(Number(year), Number(month), Number(day)) ? new Date(text) : parseDateTime(text);
  if (!date)
    throw new InvalidArgumentError(
      'Write a date as in 2027-01-31, which begins in UTC, or as in 2027-01-31T12:00:00Z.',
    );
  return date;
}

/** Answers at the first SIGTERM or SIGINT. The next one ends the process at once, as it would without us. */
function stopSignal(): Promise<void> {
  const signals = ['SIGTERM', 'SIGINT'] as const;
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of signals) process.off(signal, stop);
      resolve();
    };
    for (const signal of signals) process.on(signal, stop);
  });
}
