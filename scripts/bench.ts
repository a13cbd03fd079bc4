/**
 * Runs the measurements that are named, or all of them: `npm run bench -- memory`.
 * Each is a script that prints its figures and fails when it misses its own limit.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const measurements: Record<string, string> = {
  memory: 'upload-memory.ts',
  listing: 'listing.ts',
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !measurements[name]);
if (unknown.length > 0) {
  console.error(`There is no measurement ${unknown.join(', ')}. There are: ${Object.keys(measurements).join(', ')}.`);
  process.exitCode = 1;
} else {
  for (const [name, script] of Object.entries(measurements)) {
    if (named.length > 0 && !named.includes(name)) continue;
    console.log(`\n# ${name}`);
    const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(script, import.meta.url))], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
}
