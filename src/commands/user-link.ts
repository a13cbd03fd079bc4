import type { Command } from 'commander';
import { openMigrated } from '../app/open.ts';
import { addIdentityOf } from '../auth/operator.ts';
import { readConfig } from '../config.ts';
import { BadUserInputError } from '../errors.ts';
import type { CommandIO } from './command-io.ts';
import { parseId } from './parse-id.ts';

/** Adds `link`, without which a server that creates no users would know no subject. */
export function addLinkCommand(group: Command, { env, print }: CommandIO): void {
  group
    .command('link <userId>')
    .description('let the tokens of a subject of an identity provider sign in as a user, as in User:1')
    .requiredOption('--subject <subject>', 'the claim "sub" of the tokens')
    .option('--issuer <issuer>', 'the claim "iss" of the tokens, letter by letter as in AUTH_JWT_ISSUER', '')
    .action(async (userId: string, { issuer, subject }: { issuer: string; subject: string }) => {
      const config = readConfig(env);
      const issuers = config.jwtProviders.map((provider) => provider.issuer ?? '');
      // A slash more or less is another issuer. Where none is configured, this is another machine.
      if (issuers.length > 0 && !issuers.includes(issuer))
        throw new BadUserInputError(`The server accepts no tokens of this issuer, but of: ${issuers.join(', ')}`);
      await using database = await openMigrated(config);
      const id = parseId('User', userId);
      await addIdentityOf(database.em(), id, { issuer, subject });
      print(`Tokens of the subject ${subject} sign in as User:${id}.`);
    });
}
