/**
 * Runs the named measurements, or all of them: `npm run bench -- memory`. Arguments from the first
 * option on are passed to the measurement: `npm run bench -- fanout --sizes 1000`. Each measurement
 * is a script that prints its figures and fails when it exceeds its limit. With `--report` as the
 * first option, the figures are also written to docs/performance.md, with charts.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { performanceDoc } from './bench/performance-doc.ts';
import type { Result } from './bench/results.ts';

const measurements: Record<string, string> = {
  memory: 'upload-memory.ts',
  burst: 'burst-memory.ts',
  upload: 'upload.ts',
  download: 'download.ts',
  page: 'page.ts',
  listing: 'listing.ts',
  fanout: 'fanout.ts',
};
/** Measurements that need arguments or take minutes, and so run only by name. */
const onlyByName: Record<string, string> = {
  compare: 'compare.ts',
  growth: 'growth.ts',
  rows: 'rows.ts',
  visible: 'visible.ts',
  scans: 'scans.ts',
  'hot-task': 'hot-task.ts',
};
const all: Record<string, string> = { ...measurements, ...onlyByName };

const given = process.argv.slice(2);
const dashes = given.findIndex((argument) => argument.startsWith('-'));
const named = dashes < 0 ? given : given.slice(0, dashes);
const isReported = given[dashes] === '--report';
const options = dashes < 0 ? [] : given.slice(dashes + Number(isReported));
const unknown = named.filter((name) => !all[name]);
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

if (unknown.length > 0) {
  console.error(`There is no measurement ${unknown.join(', ')}. There are: ${Object.keys(all).join(', ')}.`);
  process.exitCode = 1;
} else if (options.length > 0 && named.length !== 1) {
  console.error('Options are for one measurement: name it before them.');
  process.exitCode = 1;
} else {
  const folder = mkdtempSync(join(tmpdir(), 'attache-bench-'));
  const results = join(folder, 'results');
  const env = isReported ? { ...process.env, BENCH_RESULTS: results } : process.env;
  for (const [name, script] of Object.entries(all)) {
    if (named.length > 0 ? !named.includes(name) : name in onlyByName) continue;
    console.log(`\n# ${name}`);
    const { status } = spawnSync(process.execPath, [path(`measurements/${script}`), ...options], {
      stdio: 'inherit',
      env,
    });
    if (status !== 0) process.exitCode = 1;
  }
  if (existsSync(results)) writeReport(readFileSync(results, 'utf8'));
  rmSync(folder, { recursive: true });
}

function writeReport(lines: string): void {
  const found = lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Result);
  const { text, charts } = performanceDoc(found, new Date());
  const folder = path('../docs/performance');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, chart] of charts) writeFileSync(join(folder, name), chart);
  writeFileSync(path('../docs/performance.md'), text);
  console.log('\nwrote docs/performance.md');
}
