import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { alertQueries, dashboardQueries, deploy } from '../support/deploy.ts';
import { root } from '../support/markdown.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The exposition of a server. */
async function scrapeServer(): Promise<string> {
  await using server = await startTestServer();
  const headers = { authorization: `Bearer ${server.key}` };
  return (await fetch(`${server.url}/metrics`, { headers })).text();
}

const namesIn = (text: string) => new Set(text.match(/\b(?:attache|nodejs|process)_\w+/g));
const family = (name: string) => name.replace(/_(?:bucket|sum|count)$/, '');
const families = (text: string) => new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));

test('every metric of the dashboard and the alerts exists, and docs/monitoring.md lists all of the server', async () => {
  const existing = families(await scrapeServer());
  const used = [...alertQueries(), ...dashboardQueries('5m')].flatMap(({ expr }) => [...namesIn(expr)]);
  expect(used.length).toBeGreaterThan(30);
  const isKnown = (name: string) => existing.has(name) || existing.has(family(name));
  expect(used.filter((name) => !isKnown(name))).toEqual([]);
  const own = [...existing].filter((name) => name.startsWith('attache_'));
  const page = readFileSync(join(root, 'docs/monitoring.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `(attache_\w+)/gm)].map(([, name = '']) => name);
  expect(listed.sort()).toEqual(own.sort());
});

test.runIf(isInstalled('Prometheus'))(
  'promtool accepts the metrics, the alerts and the queries of the dashboard',
  async () => {
    const check = (args: string[], input?: string) =>
      execFileSync('promtool', ['check', ...args], { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
    expect(check(['metrics'], await scrapeServer())).toBe('');
    expect(check(['rules', join(deploy, 'prometheus/attache.rules.yml')])).toContain('SUCCESS');
    await using folder = await temporaryFolder('rules');
    const rules = dashboardQueries('5m').map(({ expr }, index) => ({ record: `query_${index}`, expr }));
    const path = join(folder.path, 'dashboard.yml');
    await writeFile(path, stringify({ groups: [{ name: 'dashboard', rules }] }));
    expect(check(['rules', path])).toContain(`${rules.length} rules found`);
  },
);
