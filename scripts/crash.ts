/**
 * Kills a server with SIGKILL at random moments while files are uploaded in every way and removed,
 * and reports what was lost, torn or orphaned.
 *
 *   npm run crash -- --rounds 100
 */
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { crash } from './crash/crash.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' } } });
await using folder = await mkdtempDisposable(join(tmpdir(), 'attache-crash-'));
const { rounds, acknowledged, lost, torn, orphans } = await crash({
  dataDir: folder.path,
  rounds: Number(values.rounds),
  onRound: (round, verdict) =>
    console.log(`round ${round}: acknowledged ${verdict.acknowledged}, lost ${verdict.lost}, torn ${verdict.torn}`),
});
console.log(`rounds ${rounds}, acknowledged ${acknowledged}, lost ${lost}, torn ${torn}, orphans ${orphans}`);
if (lost + torn + orphans > 0 || acknowledged === 0) process.exitCode = 1;
