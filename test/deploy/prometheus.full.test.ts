import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { freePorts } from '../../scripts/support/ports.ts';
import { alertQueries, dashboardQueries, deploy, type Query } from '../support/deploy.ts';
import { uploadFile } from '../support/files.ts';
import { subscribeToFileAdded } from '../support/live.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Answer {
  status: string;
  data: { result: unknown[] };
}

/** A Prometheus that scrapes a metrics port every second, with the rules of `deploy/`. */
async function startPrometheus(metricsPort: number) {
  const folder = await temporaryFolder('prometheus');
  const [port] = await freePorts(1);
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [join(deploy, 'prometheus/attache.rules.yml')],
    scrape_configs: [{ job_name: 'attache', static_configs: [{ targets: [`127.0.0.1:${metricsPort}`] }] }],
  };
  await writeFile(join(folder.path, 'prometheus.yml'), stringify(config));
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder.path, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder.path, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'close');
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).json();
  return {
    query: async (expr: string) => (await get(`/api/v1/query?query=${encodeURIComponent(expr)}`)) as Answer,
    alerts: async () => (await get('/api/v1/alerts')) as { data: { alerts: { state: string }[] } },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
      await folder.remove();
    },
  };
}

/** Such a query answers only when something is wrong. */
const isCondition = ({ expr }: Query) => /[<>] ?[\d.]+$|== \d$/.test(expr);

test.runIf(isInstalled('Prometheus'))(
  'every query of the dashboard answers over a real scrape, and no alert is raised',
  { timeout: 180_000 },
  async () => {
    const [metricsPort = 0] = await freePorts(1);
    await using server = await startTestServer({ METRICS_PORT: String(metricsPort) });
    await using prometheus = await startPrometheus(metricsPort);
    const scraped = () => prometheus.query('count_over_time(attache_info[1m])').catch(() => undefined);
    await expect.poll(async () => (await scraped())?.data.result.length, { timeout: 60_000 }).toBe(1);
    await using subscriber = await subscribeToFileAdded(server, 'Task:1');
    for (let index = 0; index < 20; index++) {
      const file = await uploadFile(server, 'Task:1', { name: `${index}.txt`, content: 'hello' });
      await subscriber.next();
      const headers = { authorization: `Bearer ${server.key}` };
      await (await fetch(`${server.url}/files/${file.databaseId}/content`, { headers })).text();
    }
    // A rate needs two scrapes after the first request of a kind.
    const rates = dashboardQueries('30s').filter((query) => !isCondition(query));
    expect(rates.length).toBeGreaterThan(25);
    for (const { title, expr } of rates) {
      await expect
        .poll(async () => [title, expr, (await prometheus.query(expr)).data?.result.length > 0], { timeout: 60_000 })
        .toEqual([title, expr, true]);
    }
    for (const { title, expr } of alertQueries())
      expect([title, (await prometheus.query(expr)).status]).toEqual([title, 'success']);
    // Some are pending: a minute is too short to predict a day from.
    const { alerts } = (await prometheus.alerts()).data;
    expect(alerts.filter(({ state }) => state === 'firing')).toEqual([]);
  },
);
