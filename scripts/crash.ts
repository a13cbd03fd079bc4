/**
 * Kills a server with SIGKILL at random moments, again and again, while files of every kind are
 * uploaded and removed, and tells whether anything was lost or left behind.
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
  onRound: (round, so) =>
    console.log(`round ${round}: acknowledged ${so.acknowledged}, lost ${so.lost}, torn ${so.torn}`),
});
console.log(`rounds ${rounds}, acknowledged ${acknowledged}, lost ${lost}, torn ${torn}, orphans ${orphans}`);
if (lost + torn + orphans > 0 || acknowledged === 0) process.exitCode = 1;
