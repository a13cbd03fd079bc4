import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environment } from '../../src/config/environment.ts';
import { readConfig } from '../../src/config.ts';
import { deploy, readDeploy, yamlOfDeploy } from '../support/deploy.ts';
import { imageConfig } from '../support/dockerfile.ts';
import { isInstalled } from '../support/programs.ts';

const settings = new Set([...Object.keys(environment.shape), 'NODE_COMPILE_CACHE']);

/** A value for what the operator has to supply. */
const supplied = (text: string) =>
  text.replaceAll(/\$\{[^}]*?(?::-([^}]*))?\}/g, (_, preset) => preset ?? 'supplied123456789');

interface Compose {
  services: Record<string, { build?: unknown; environment?: Record<string, string> }>;
}
interface Container {
  name: string;
  env: { name: string; value: string }[];
}

/** The environments that the examples give to a server. */
function environments(): [string, Record<string, string>][] {
  const found: [string, Record<string, string>][] = [];
  for (const [path, documents] of yamlOfDeploy()) {
    for (const document of documents as (Compose & { kind?: string; spec?: never })[]) {
      for (const [name, service] of Object.entries(document.services ?? {}))
        if (service.build) found.push([`${path} ${name}`, service.environment ?? {}]);
      if (document.kind !== 'Deployment') continue;
      const { containers } = (document.spec as unknown as { template: { spec: { containers: Container[] } } }).template
        .spec;
      for (const { name, env } of containers)
        found.push([`${path} ${name}`, Object.fromEntries(env.map((one) => [one.name, one.value]))]);
    }
  }
  found.push(['Dockerfile', imageConfig().env]);
  const unit = /^Environment=(.*)$/m.exec(readDeploy('systemd/attache.service'))?.[1] ?? '';
  found.push([
    'attache.service',
    Object.fromEntries(unit.split(' ').map((pair) => pair.split('=') as [string, string])),
  ]);
  return found;
}

describe.each(environments())('%s', (_place, given) => {
  test('sets only variables that exist, to values that can be used', () => {
    expect(Object.keys(given).filter((name) => !settings.has(name))).toEqual([]);
    expect(Object.keys(given).length).toBeGreaterThan(1);
    const env = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, supplied(value)]));
    expect(() => readConfig(env)).not.toThrow();
  });
});

test('the environments of six places were found', () => {
  expect(environments().map(([place]) => place)).toEqual([
    'compose.cluster.yaml attache-1',
    'compose.cluster.yaml attache-2',
    'compose.yaml attache',
    'kubernetes/attache.yaml attache',
    'Dockerfile',
    'attache.service',
  ]);
});

test('pods and containers may take as long to stop as the server does', () => {
  const files = yamlOfDeploy();
  const [deployment] = files.get('kubernetes/attache.yaml') as [
    { spec: { template: { spec: { terminationGracePeriodSeconds: number } } } },
  ];
  expect(deployment.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(10 + 30 + 5);
  for (const path of ['compose.yaml', 'compose.cluster.yaml']) {
    const [{ services }] = files.get(path) as [
      { services: Record<string, { build?: unknown; stop_grace_period?: string }> },
    ];
    for (const { build, stop_grace_period } of Object.values(services))
      if (build) expect(stop_grace_period).toBe('45s');
  }
});

test.runIf(isInstalled('systemd'))('systemd accepts the unit, and rates its exposure as low', () => {
  const folder = mkdtempSync(join(tmpdir(), 'attache-unit-'));
  try {
    const path = join(folder, 'attache.service');
    // The executable of an installation is not here.
    writeFileSync(
      path,
      readDeploy('systemd/attache.service').replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`),
    );
    const output = execFileSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8', stdio: 'pipe' });
    expect(output).toBe('');
    // 1.3 of 10. Fails above the threshold, which is in tenths.
    execFileSync('systemd-analyze', ['security', '--offline=yes', '--threshold=15', path], { stdio: 'pipe' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.runIf(isInstalled('Caddy'))('Caddy accepts its configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'attache-caddy-'));
  try {
    const args = ['validate', '--adapter', 'caddyfile', '--config', join(deploy, 'caddy/Caddyfile')];
    const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    execFileSync('caddy', args, { env, stdio: 'pipe' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.runIf(isInstalled('nginx'))('nginx accepts its configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'attache-nginx-'));
  try {
    writeFileSync(join(folder, 'nginx.conf'), readDeploy('nginx/nginx.conf').replace('/dev/stdout', 'access.log'));
    // nginx looks the names up.
    writeFileSync(
      join(folder, 'upstream.conf'),
      readDeploy('nginx/upstream.conf').replaceAll(/attache-\d:/g, '127.0.0.1:'),
    );
    execFileSync('nginx', ['-t', '-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'pipe' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
