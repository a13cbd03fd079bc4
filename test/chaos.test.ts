import { expect, test } from 'vitest';
import { runChaos } from '../scripts/chaos/chaos.ts';

const databases = [
  { database: 'postgres', nodes: 2 },
  { database: 'sqlite', nodes: 1 },
] as const;

/** The one that the suite runs on, if it says so. */
const chosen = databases.filter(({ database }) => (process.env.TEST_DATABASE ?? database) === database);

test.for(chosen)(
  'hears everything exactly once and in order while $nodes servers on $database are killed and cut off',
  { timeout: 180_000 },
  async ({ database, nodes }) => {
    const report = await runChaos({ database, nodes, clients: 30, seconds: 12 });
    expect(report).toMatchObject({ lost: 0, duplicated: 0, outOfOrder: 0, unknown: 0, missing: 0, gaveUp: [] });
    expect(report.kills + report.drains).toBeGreaterThan(0);
    expect(report.received).toBeGreaterThan(0);
  },
);
