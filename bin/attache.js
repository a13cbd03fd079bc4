#!/usr/bin/env node
/**
 * Starts Attaché on a Node that can run it: on this one, or on the one that comes with the
 * packages. Older versions of Node must be able to read this file.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const OLDEST_NODE = 24;
const file = fileURLToPath(import.meta.url);
const root = dirname(dirname(file));

if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE) await start();
else startOn(nodeOfPackages());

/** Runs the built package, or in a checkout what is built from it now. */
async function start() {
  const packed = join(root, 'lib/main.js');
  if (!existsSync(join(root, 'scripts/support/build.ts'))) return import(pathToFileURL(packed).href);
  const { buildServer, builtServer } = await import('../scripts/support/build.ts');
  try {
    await buildServer();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
    return;
  }
  return import(pathToFileURL(builtServer).href);
}

/** The Node of the optional dependencies; undefined where there is none for this system. */
function nodeOfPackages() {
  try {
    const name = `node-${process.platform}-${process.arch}`;
    return join(dirname(createRequire(file).resolve(`${name}/package.json`)), 'bin/node');
  } catch {
    return undefined;
  }
}

function startOn(node) {
  if (node === undefined) {
    console.error(
      `Attaché needs Node ${OLDEST_NODE} or later, and this is ${process.versions.node}. Install a newer one.`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [file, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends its signals to both: this process waits for the other one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  child.on('error', (error) => {
    console.error(`${node} cannot be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code === null ? 128 + (signal === 'SIGINT' ? 2 : 15) : code;
  });
}
