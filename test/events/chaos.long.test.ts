import { expect, test } from 'vitest';
import { runChaos } from '../../scripts/chaos/chaos.ts';
import { kind } from '../support/database.ts';
import { few } from '../support/length.ts';

const nodes = kind === 'postgres' ? 2 : 1;

test('subscribers receive every event exactly once and in order while servers are killed and disconnected', {
  timeout: 180_000,
}, async () => {
  const report = await runChaos({ database: kind, nodes, clients: few(12, 30), seconds: few(4, 12) });
  expect(report).toMatchObject({
    lost: 0,
    duplicated: 0,
    outOfOrder: 0,
    unknown: 0,
    missing: 0,
    terminated: [],
    abnormalExits: [],
  });
  expect(report.kills).toBeGreaterThan(0);
  expect(report.received).toBeGreaterThan(0);
});
