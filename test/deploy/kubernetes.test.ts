import { execFile } from 'node:child_process';
import { mkdtempDisposable, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { IIngress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import type { IPersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import type { IService } from 'kubernetes-models/v1/Service';
import { describe, expect, test } from 'vitest';
import { environment } from '../../src/config/environment.ts';
import { readDeploy, yamlOfDeploy } from '../support/deploy.ts';
import { imageConfig } from '../support/dockerfile.ts';
import { root } from '../support/markdown.ts';
import { startTestServer } from '../support/server.ts';

interface Manifest {
  apiVersion: string;
  kind: string;
}

const manifests = yamlOfDeploy().get('kubernetes/attache.yaml') as Manifest[];
const find = <T>(kind: string) => manifests.find((one) => one.kind === kind) as T;
const image = imageConfig();

const deployment = find<IDeployment>('Deployment');
const claim = find<IPersistentVolumeClaim>('PersistentVolumeClaim');
const service = find<IService>('Service');
const budget = find<IPodDisruptionBudget>('PodDisruptionBudget');
const ingress = find<IIngress>('Ingress');
const pod = deployment.spec?.template.spec;
const [container] = pod?.containers ?? [];
if (!deployment.spec || !pod || !container) throw new Error('There is no container.');
const labels = deployment.spec.template.metadata?.labels;
const moduleOf = ({ apiVersion, kind }: Manifest) => `kubernetes-models/${apiVersion}/${kind}`;

describe.each(manifests.map((one) => [one.kind, one] as const))('%s', (kind, manifest) => {
  test('has the values that Kubernetes accepts', async () => {
    const { [kind]: Model } = await import(moduleOf(manifest));
    expect(() => new Model(manifest).validate()).not.toThrow();
  });
});

test('no field is misspelled', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'attache-kubernetes-'));
  await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'));
  // The compiler refuses a field that the type of an object literal does not have.
  const lines = (from: Manifest[]) =>
    from.map((one, index) => {
      const type = `import('${moduleOf(one)}').I${one.kind}`;
      return `export const _${index}: ${type} = ${JSON.stringify(one, null, 1)};\n`;
    });
  const compilerOptions = { module: 'nodenext', noEmit: true, strict: true, types: [], skipLibCheck: true };
  const config = { compilerOptions, files: ['manifests.ts'] };
  await writeFile(join(folder.path, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder.path, 'tsconfig.json'), JSON.stringify(config));
  const check = async (from: Manifest[]) => {
    await writeFile(join(folder.path, 'manifests.ts'), lines(from));
    const tsc = promisify(execFile)(join(root, 'node_modules/.bin/tsc'), [], { cwd: folder.path });
    return (await tsc.catch((error) => error)).stdout;
  };
  expect(await check(manifests)).toBe('');
  const text = JSON.stringify(manifests).replace('"readOnlyRootFilesystem"', '"readOnlyRootFileSystem"');
  expect(await check(JSON.parse(text))).toContain('readOnlyRootFileSystem');
}, 60_000);

test('selectors, ports, claims and the certificate belong together', () => {
  for (const selector of [
    deployment.spec?.selector.matchLabels,
    service.spec?.selector,
    budget.spec?.selector?.matchLabels,
    pod.topologySpreadConstraints?.[0]?.labelSelector?.matchLabels,
  ])
    expect(selector).toEqual(labels);
  const ports = Object.fromEntries(container.ports?.map(({ name, containerPort }) => [name, containerPort]) ?? []);
  const settings = Object.fromEntries(container.env?.map(({ name, value }) => [name, value]) ?? []);
  expect(ports).toEqual({ http: image.port, metrics: Number(settings.METRICS_PORT) });
  const scraped = deployment.spec?.template.metadata?.annotations?.['prometheus.io/port'];
  expect(scraped).toBe(settings.METRICS_PORT);
  expect(service.spec?.ports?.map(({ targetPort }) => targetPort)).toEqual(['http']);

  const [rule] = ingress.spec?.rules ?? [];
  const { name, port } = rule?.http?.paths[0]?.backend.service ?? {};
  expect([name, port?.name]).toEqual([service.metadata?.name, service.spec?.ports?.[0]?.name]);
  expect(ingress.spec?.tls?.[0]?.hosts).toEqual([rule?.host]);
  expect(settings.PUBLIC_URL).toBe(`https://${rule?.host}`);
  const volume = pod.volumes?.find(({ persistentVolumeClaim }) => persistentVolumeClaim);
  expect(volume?.persistentVolumeClaim?.claimName).toBe(claim.metadata?.name);
  expect(claim.spec?.accessModes).toEqual(['ReadWriteMany']);
});

test('the server runs without root, and can write its volume and /tmp alone', () => {
  expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 });
  expect(container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  const mounted = container.volumeMounts?.map(({ mountPath }) => mountPath);
  expect(mounted).toEqual([image.volume, '/tmp']);
  expect(dirname(image.env.NODE_COMPILE_CACHE as string)).toBe('/tmp');
  for (const inherited of ['command', 'args']) expect(container).not.toHaveProperty(inherited);
});

test('a restart keeps both servers, serves until proxies know, and leaves time to finish', () => {
  const replicas = deployment.spec?.replicas as number;
  expect(deployment.spec?.strategy?.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
  expect(budget.spec?.minAvailable).toBe(replicas - 1);
  const [program, seconds] = container.lifecycle?.preStop?.exec?.command ?? [];
  expect(program).toBe('sleep');
  expect(Number(seconds)).toBeGreaterThanOrEqual(10);
  // Requests in progress get 30 s, WebSockets 5 s.
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(Number(seconds) + 30 + 5);
});

test('the probes read paths that a server answers, and a busy server is not killed', async () => {
  await using server = await startTestServer();
  const { startupProbe, readinessProbe, livenessProbe } = container;
  for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
    expect(probe?.httpGet?.port).toBe('http');
    expect((await fetch(new URL(probe?.httpGet?.path as string, server.url))).status).toBe(200);
  }
  // A database that is away makes a server unready: a restart would not bring it back.
  expect(livenessProbe?.httpGet?.path).not.toBe(readinessProbe?.httpGet?.path);
  expect((livenessProbe?.periodSeconds ?? 0) * (livenessProbe?.failureThreshold ?? 0)).toBeGreaterThanOrEqual(60);
});

test('the secret has settings that exist, and what several servers need', () => {
  expect(container.envFrom).toEqual([{ secretRef: { name: 'attache' } }]);
  const [command = ''] = /kubectl create secret generic attache (?:.|\n#)*?\n#\n/.exec(
    readDeploy('kubernetes/attache.yaml'),
  ) ?? [''];
  const names = [...command.matchAll(/--from-literal=(\w+)=/g)].map(([, name]) => name as string);
  expect(names).toEqual(['DATABASE_URL', 'STORAGE_URL', 'ATTACHE_ADMIN_KEY', 'ATTACHE_SECRET']);
  expect(names.filter((name) => !(name in environment.shape))).toEqual([]);
});
