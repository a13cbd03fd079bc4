import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { returnMemoryWhenIdle } from '../app/return-memory.ts';
import { createApp } from '../app.ts';
import { misspelledSettings, readConfig } from '../config.ts';
import type { CommandIO } from './command-io.ts';

export const serveCommand = ({ env, print }: CommandIO): Command =>
  new Command('serve').description('migrate the database, then serve until stopped').action(async () => {
    const config = readConfig(env);
    for (const warning of misspelledSettings(env)) print(warning);
    const stopped = stopSignal();
    // Printed as soon as it is generated: if the start fails after that, the key cannot be read
    // again.
    const onGeneratedKey = (key: string) => {
      print(`Administrator key   ${key}`);
      print(`                    shown this once: keep it. Send it as "Authorization: Bearer KEY".`);
    };
    await using app = await createApp(config, { onGeneratedKey });
    using _memory = returnMemoryWhenIdle();
    print(`Attaché listens at  ${app.url}/graphql`);
    print(`Page                ${app.url}/`);
    print(`GraphiQL            ${app.url}/graphql`);
    print(`Data                ${config.dataDir}`);
    if (config.database.kind === 'postgres') print(`Database            PostgreSQL at ${app.database}`);
    await stopped;
    if (config.drainMs === 0) return;
    app.drain();
    await pause(config.drainMs);
  });

/**
 * Resolves at the first SIGTERM or SIGINT. The next one ends the process at once, as without a
 * handler.
 */
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
