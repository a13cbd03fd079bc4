import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deploy, readDeploy, yamlOfDeploy } from '../support/deploy.ts';
import { imageConfig } from '../support/dockerfile.ts';
import { isInstalled } from '../support/programs.ts';

interface Service {
  build?: { context: string; dockerfile: string };
  image?: string;
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  tmpfs?: string[];
  command?: string[] | string;
  healthcheck?: unknown;
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  depends_on?: Record<string, { condition: string }>;
}

const files = ['compose.yaml', 'compose.cluster.yaml'] as const;
function servicesOf(file: string): Record<string, Service> {
  const [{ services }] = yamlOfDeploy().get(file) as [{ services: Record<string, Service> }];
  return services;
}
const image = imageConfig();
const secrets = {
  POSTGRES_PASSWORD: 'a',
  MINIO_PASSWORD: 'b',
  ATTACHE_ADMIN_KEY: 'c',
  ATTACHE_SECRET: 'd',
};

/** What Compose prints about a file: nothing if it is valid. */
const problemsIn = (file: string, env: Record<string, string>) => {
  const args = ['--file', join(deploy, file), 'config', '--quiet'];
  const { status, stderr } = spawnSync('docker-compose', args, {
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
  });
  return status === 0 ? stderr : stderr || `code ${status}`;
};

test.runIf(isInstalled('Compose'))('Compose accepts the files', () => {
  expect(problemsIn('compose.yaml', {})).toBe('');
  expect(problemsIn('compose.cluster.yaml', secrets)).toBe('');
});

test.runIf(isInstalled('Compose'))('Compose refuses the cluster without its secrets', () => {
  expect(problemsIn('compose.cluster.yaml', {})).toContain('POSTGRES_PASSWORD');
  const required = readDeploy('compose.cluster.yaml').matchAll(/\$\{(\w+):\?\}/g);
  expect(new Set([...required].map(([, name]) => name))).toEqual(new Set(Object.keys(secrets)));
  expect(readDeploy('compose.cluster.yaml')).not.toMatch(/\$\{\w+\}/);
});

describe.each(files)('%s', (file) => {
  const services = Object.entries(servicesOf(file));
  const servers = services.filter(([, { build }]) => build);

  test('each server is the image, with a read-only root, and can write its volume and /tmp', () => {
    expect(servers.length).toBe(file === 'compose.yaml' ? 1 : 2);
    for (const [, { build, volumes, environment = {}, ...service }] of servers) {
      expect(existsSync(join(deploy, build?.context ?? '', build?.dockerfile ?? ''))).toBe(true);
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], tmpfs: ['/tmp'] });
      for (const inherited of ['user', 'command', 'healthcheck']) expect(service).not.toHaveProperty(inherited);
      for (const set of ['HOST', 'PORT', 'DATA_DIR']) expect(environment).not.toHaveProperty(set);
      expect(volumes?.map((volume) => volume.split(':')[1])).toEqual([image.volume]);
    }
  });

  test('services wait for what exists and has a health check', () => {
    const all = Object.fromEntries(services);
    for (const [name, { depends_on = {} }] of services)
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const hasCheck = Boolean(all[other]?.build ?? all[other]?.healthcheck);
        expect([name, other, all[other] !== undefined]).toEqual([name, other, true]);
        if (condition === 'service_healthy') expect([name, other, hasCheck]).toEqual([name, other, true]);
      }
  });

  test('images of others have a version, and files of deploy/ that are mounted exist', () => {
    for (const [, { build, image: name = '', volumes = [] }] of services) {
      if (!build) expect(name).toMatch(/:[^:]*\d[^:]*$/);
      for (const [source = ''] of volumes.map((volume) => volume.split(':')))
        if (source.startsWith('.')) expect(existsSync(join(deploy, source))).toBe(true);
    }
  });

  test('the port of the host leads to the port of the process, and is that of PUBLIC_URL', () => {
    const listens = Number(/^ +listen (\d+);$/m.exec(readDeploy('nginx/nginx.conf'))?.[1]);
    const published = services.flatMap(([, { build, ports = [] }]) =>
      ports.map((port) => [port, build ? image.port : listens] as const),
    );
    expect(published).toHaveLength(1);
    for (const [port, target] of published) {
      const [address, host, container] = port.split(':');
      expect(Number(container)).toBe(target);
      for (const [, { environment }] of servers)
        expect(environment?.PUBLIC_URL).toBe(`\${PUBLIC_URL:-http://${address}:${host}}`);
    }
  });
});

test('nginx, Prometheus, the database and the bucket are those of the cluster', () => {
  const services = servicesOf('compose.cluster.yaml');
  const servers = Object.keys(services).filter((name) => services[name]?.build);
  const upstream = readDeploy('nginx/upstream.conf').matchAll(/^ +server ([^ :]+):(\d+) /gm);
  expect([...upstream].map(([, name, port]) => [name, Number(port)])).toEqual(
    servers.map((name) => [name, image.port]),
  );
  const { METRICS_PORT, DATABASE_URL = '', STORAGE_URL = '' } = services[servers[0] as string]?.environment ?? {};
  const [{ scrape_configs }] = yamlOfDeploy().get('prometheus/prometheus.yml') as [
    { scrape_configs: { static_configs: { targets: string[] }[] }[] },
  ];
  expect(scrape_configs[0]?.static_configs[0]?.targets).toEqual(servers.map((name) => `${name}:${METRICS_PORT}`));

  const { environment } = services.postgres as Service;
  expect(DATABASE_URL).toBe(
    `postgres://${environment?.POSTGRES_USER}:${environment?.POSTGRES_PASSWORD}@postgres:5432/${environment?.POSTGRES_DB}`,
  );
  const { MINIO_ROOT_USER, MINIO_ROOT_PASSWORD } = services.minio?.environment ?? {};
  const [, bucket] = /mc mb --ignore-existing store\/(\S+)$/.exec(String(services.bucket?.command)) ?? [];
  expect(STORAGE_URL).toBe(`s3://${MINIO_ROOT_USER}:${MINIO_ROOT_PASSWORD}@${bucket}?endpoint=http://minio:9000`);
});

test('nginx sees a changed upstream.conf, and can write only where it may', () => {
  const nginx = servicesOf('compose.cluster.yaml').nginx as Service;
  // A file that is mounted alone stays what it was when an editor replaces it.
  expect(nginx.volumes).toEqual(['./nginx:/etc/nginx:ro']);
  expect(nginx).toMatchObject({ read_only: true, user: 'nginx', tmpfs: ['/tmp'] });
  const written = readDeploy('nginx/nginx.conf').matchAll(/^ *(?:pid|\w+_temp_path) (\S+);$/gm);
  expect([...new Set([...written].map(([, path = '']) => dirname(path)))]).toEqual(['/tmp']);
});
