import { Command } from 'commander';
import { createApp, openMigrated } from './app.ts';
import { addKey, makeKey } from './auth/keys.ts';
import { readConfig } from './config.ts';
import { User } from './database/entities/index.ts';
import { BadInput } from './errors.ts';

/** The command line. `print` writes a line to the person who called. */
export function createCli(env: NodeJS.ProcessEnv, print: (line: string) => void): Command {
  const cli = new Command('attache').description('A self-hosted GraphQL server for attachments.');

  cli
    .command('serve', { isDefault: true })
    .description('serve until stopped; brings the database up to date first')
    .action(async () => {
      const config = readConfig(env);
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
      await stopped;
    });

  cli
    .command('migrate')
    .description('bring the database up to date, and do nothing else')
    .action(async () => {
      await using _database = await openMigrated(readConfig(env));
      print('The database is up to date.');
    });

  const user = cli.command('user').description('users');
  user
    .command('add <name>')
    .description('add a user, and print the first API key of it')
    .option('--email <address>', 'where to write to')
    .option('--admin', 'may see and change everything', false)
    .action(async (displayName: string, options: { email?: string; admin: boolean }) => {
      await using database = await openMigrated(readConfig(env));
      const em = database.em();
      const now = new Date();
      const key = makeKey();
      const added = em.create(User, {
        displayName,
        email: options.email ?? null,
        isAdmin: options.admin,
        createdAt: now,
      });
      addKey(em, { user: added, name: 'first key', key, now });
      await em.flush();
      print(`User:${added.id}\n${key}`);
    });

  const apiKey = cli.command('key').description('API keys');
  apiKey
    .command('add <userId>')
    .description('make another API key of a user, as in User:1, and print it')
    .option('--name <name>', 'what it is for', 'made on the command line')
    .action(async (userId: string, options: { name: string }) => {
      await using database = await openMigrated(readConfig(env));
      const em = database.em();
      const owner = await em.findOne(User, { id: Number(/^(?:User:)?(\d+)$/.exec(userId)?.[1] ?? 0) });
      if (!owner) throw new BadInput(`There is no user ${userId}.`);
      const key = makeKey();
      addKey(em, { user: owner, name: options.name, key, now: new Date() });
      await em.flush();
      print(key);
    });

  return cli;
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
