import { Command, InvalidArgumentError, Option } from 'commander';
import { openMigrated, operatorSecretOf } from '../app/open.ts';
import { addKeyOf, allKeysOf, revokeKeyById } from '../auth/operator.ts';
import { deriveKeyEncryptionKey } from '../auth/signing-keys.ts';
import { readConfig } from '../config.ts';
import { isDay, parseDateTime } from '../date-time.ts';
import type { CommandIO } from './command-io.ts';
import { parseId } from './parse-id.ts';
import { row } from './row.ts';

const scopes = ['READ', 'WRITE', 'ADMIN'] as const;

interface NewKeyOptions {
  name: string;
  scope: (typeof scopes)[number];
  expires?: Date;
  canSign: boolean;
}

export function keyCommand({ env, print }: CommandIO): Command {
  const group = new Command('key').description('API keys');
  group
    .command('add <userId>')
    .description('make another API key of a user, as in User:1, and print it')
    .option('--name <name>', 'what it is for', 'made on the command line')
    .addOption(new Option('--scope <scope>', 'what it may be used for').choices(scopes).default('WRITE'))
    .option('--expires <date>', 'when it stops working, as in 2027-01-31 or 2027-01-31T12:00:00Z', parseDate)
    .option('--can-sign', 'also keep it encrypted, for scripts that sign requests, as those of Worksection do', false)
    // Its older name, which scripts may use.
    .addOption(new Option('--worksection').hideHelp().implies({ canSign: true }))
    .action(async (userId: string, { name, scope, expires, canSign }: NewKeyOptions) => {
      const config = readConfig(env);
      await using database = await openMigrated(config);
      const keyEncryptionKey = canSign
        ? await deriveKeyEncryptionKey(database.em(), await operatorSecretOf(config))
        : undefined;
      const input = { name, scope, expiresAt: expires ?? null, keyEncryptionKey };
      const { key } = await addKeyOf(database.em(), parseId('User', userId), input);
      print(key);
    });
  group
    .command('list <userId>')
    .description('print the API keys of a user, as in User:1, one a line: id, scope, name, whether it works')
    .action(async (userId: string) => {
      await using database = await openMigrated(readConfig(env));
      for (const key of await allKeysOf(database.em(), parseId('User', userId))) {
        print(row(`ApiKey:${key.id}`, key.scope, key.name, stateOf(key)));
      }
    });
  group
    .command('revoke <keyId>')
    .description('revoke an API key, as in ApiKey:1')
    .action(async (keyId: string) => {
      await using database = await openMigrated(readConfig(env));
      const id = parseId('ApiKey', keyId);
      await revokeKeyById(database.em(), id);
      print(`ApiKey:${id} is revoked.`);
    });
  return group;
}

function parseDate(text: string): Date {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const date = isDay(Number(year), Number(month), Number(day)) ? new Date(text) : parseDateTime(text);
  if (!date)
    throw new InvalidArgumentError(
      'Write a date as in 2027-01-31, which begins in UTC, or as in 2027-01-31T12:00:00Z.',
    );
  return date;
}

type OptionalDate = Date | null | undefined;

/** Whether a key or token works, and until when. */
export function stateOf({ revokedAt, expiresAt }: { revokedAt?: OptionalDate; expiresAt?: OptionalDate }): string {
  if (revokedAt) return `revoked ${revokedAt.toISOString()}`;
  if (!expiresAt) return 'works';
  return `${expiresAt <= new Date() ? 'expired' : 'works until'} ${expiresAt.toISOString()}`;
}
