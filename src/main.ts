#!/usr/bin/env node
import { createCli } from './cli.ts';
import { ConfigError } from './config.ts';
import { AttacheError } from './errors.ts';

try {
  await createCli(process.env, (line) => console.log(line)).parseAsync();
} catch (error) {
  const isPlain = error instanceof ConfigError || error instanceof AttacheError;
  console.error(isPlain ? error.message : error);
  process.exitCode = 1;
}
