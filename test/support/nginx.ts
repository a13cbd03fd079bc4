import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from '../../scripts/support/ports.ts';
import { readDeploy } from './deploy.ts';
import { type ReverseProxy, startProxyProcess } from './reverse-proxy.ts';

/**
 * The processes that serve requests; those of a former configuration only until theirs have ended.
 */
async function workersOf(master: number): Promise<{ pid: number; isStopping: boolean }[]> {
  const children = (await readFile(`/proc/${master}/task/${master}/children`, 'utf8')).split(' ').filter(Boolean);
  const titles = await Promise.all(children.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return children.map((pid, index) => ({
    pid: Number(pid),
    isStopping: titles[index]?.includes('shutting down') ?? true,
  }));
}

/** Runs nginx with the configuration of `deploy/nginx`, in front of servers of this machine. */
export async function startNginx(ports: readonly number[]): Promise<ReverseProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'attache-nginx-'));
  const [port] = await freePorts(1);
  const down = new Set<number>();
  const writeUpstream = async () => {
    const [comment = ''] = readDeploy('nginx/upstream.conf').split(/^upstream/m);
    const servers = ports.map(
      (one) => `  server 127.0.0.1:${one} max_fails=1 fail_timeout=2s${down.has(one) ? ' down' : ''};`,
    );
    await writeFile(join(folder, 'upstream.conf'), `${comment}upstream attache {\n${servers.join('\n')}\n}\n`);
  };
  const config = readDeploy('nginx/nginx.conf')
    .replace('listen 8080', `listen 127.0.0.1:${port}`)
    .replace('/dev/stdout', 'access.log')
    .replaceAll('/tmp/nginx', `${folder}/nginx`);
  await writeFile(join(folder, 'nginx.conf'), config);
  await writeUpstream();
  const args = ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;'];
  const url = `http://127.0.0.1:${port}`;
  const nginx = await startProxyProcess('nginx', args, url);
  const master = nginx.child.pid as number;
  return {
    url,
    folder,
    logged: async () => `${nginx.stderr()}${await readFile(join(folder, 'access.log'), 'utf8')}`,
    pids: async () => (await workersOf(master)).map(({ pid }) => pid),
    async setDown(one, isDown) {
      if (isDown) down.add(one);
      else down.delete(one);
      await writeUpstream();
      const before = await workersOf(master);
      nginx.child.kill('SIGHUP');
      for (;;) {
        const now = await workersOf(master);
        const serving = now.filter(({ isStopping }) => !isStopping);
        const isNew = (pid: number) => before.every((former) => former.pid !== pid);
        if (serving.length > 0 && serving.every(({ pid }) => isNew(pid))) return;
        await pause(20);
      }
    },
    async [Symbol.asyncDispose]() {
      await nginx[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
