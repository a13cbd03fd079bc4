import { Command, InvalidArgumentError } from 'commander';
import { type Connection, findConnection } from './connection.ts';
import { InterruptedError } from './errors.ts';
import type { Environment } from './folders.ts';
import { createOutput, type Output } from './output.ts';

/** What the action of a command receives. */
export interface ClientContext {
  env: Environment;
  connection: Connection;
  output: Output;
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal;
}

export interface CommonOptions {
  server?: string;
  json?: boolean;
}

/** A command that sends requests to a server, with the options that all of them have. */
export function clientCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--server <url>', 'the server, instead of ATTACHE_URL and the default one of "attache login"')
    .option('--json', 'print a JSON object a line', false);
}

/** Builds what an action needs from the common options. */
export async function createContext(env: Environment, { server, json = false }: CommonOptions): Promise<ClientContext> {
  const output = createOutput(json);
  return { env, output, signal: interruptSignal(), connection: await findConnection(env, server) };
}

/** Aborted at the first SIGINT or SIGTERM. The next one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      const error = new InterruptedError(signal);
      if (controller.signal.aborted) process.exit(error.exitCode);
      controller.abort(error);
    });
  return controller.signal;
}

/** Parses an option that is a whole number of a range. */
export const parseNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < min || number > max)
      throw new InvalidArgumentError(`Write a number from ${min} to ${max}.`);
    return number;
  };
