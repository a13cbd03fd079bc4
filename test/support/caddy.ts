import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../scripts/support/ports.ts';
import { readDeploy } from './deploy.ts';
import { type ReverseProxy, startProxyProcess } from './reverse-proxy.ts';

/** Where Caddy stores its certificates and settings. */
const storedIn = (folder: string) => ({ HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder });

/** The Caddyfile of `deploy/`, for servers of this machine, without TLS. */
function caddyfileFor(url: string, adminPort: number, ports: readonly number[]): string {
  return readDeploy('caddy/Caddyfile')
    .replace(/^\{$/m, `{\n\tadmin 127.0.0.1:${adminPort}`)
    .replace(/^files\.example\.com/m, url)
    .replace('reverse_proxy 127.0.0.1:4000', `reverse_proxy ${ports.map((port) => `127.0.0.1:${port}`).join(' ')}`);
}

/**
 * Runs Caddy with the configuration of `deploy/caddy`. It finds by itself which servers are ready.
 */
export async function startCaddy(ports: readonly number[]): Promise<ReverseProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'attache-caddy-'));
  const [port = 0, adminPort = 0] = await freePorts(2);
  const url = `http://127.0.0.1:${port}`;
  const path = join(folder, 'Caddyfile');
  await writeFile(path, caddyfileFor(url, adminPort, ports));
  const env = { PATH: process.env.PATH, TMPDIR: folder, ...storedIn(folder) };
  const caddy = await startProxyProcess('caddy', ['run', '--adapter', 'caddyfile', '--config', path], url, env);
  return {
    url,
    folder,
    logged: async () => caddy.stderr(),
    pids: async () => [caddy.child.pid as number],
    async [Symbol.asyncDispose]() {
      await caddy[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
