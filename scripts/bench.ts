/**
 * Runs the named measurements, or all of them: `npm run bench -- memory`. Arguments from the first
 * option on are passed to the measurement: `npm run bench -- fanout --sizes 1000`. Each measurement
 * is a script that prints its figures and fails when it exceeds its limit.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const measurements: Record<string, string> = {
  memory: 'upload-memory.ts',
  upload: 'upload.ts',
  download: 'download.ts',
  listing: 'listing.ts',
  fanout: 'fanout.ts',
};
/** Measurements that need arguments or take minutes, and so run only by name. */
const onlyByName: Record<string, string> = { compare: 'compare.ts', growth: 'growth.ts', visible: 'visible.ts' };
const all: Record<string, string> = { ...measurements, ...onlyByName };

const given = process.argv.slice(2);
const dashes = given.findIndex((argument) => argument.startsWith('-'));
const named = dashes < 0 ? given : given.slice(0, dashes);
const options = dashes < 0 ? [] : given.slice(dashes);
const unknown = named.filter((name) => !all[name]);
if (unknown.length > 0) {
  console.error(`There is no measurement ${unknown.join(', ')}. There are: ${Object.keys(all).join(', ')}.`);
  process.exitCode = 1;
} else if (options.length > 0 && named.length !== 1) {
  console.error('Options are for one measurement: name it before them.');
  process.exitCode = 1;
} else {
  for (const [name, script] of Object.entries(all)) {
    if (named.length > 0 ? !named.includes(name) : name in onlyByName) continue;
    console.log(`\n# ${name}`);
    const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...options], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
}
