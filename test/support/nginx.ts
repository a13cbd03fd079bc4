import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from '../../scripts/support/ports.ts';
import { readDeploy } from './deploy.ts';

export interface Nginx extends AsyncDisposable {
  url: string;
  /** Sends no new request to a server any more, or does again. Requests in progress go on. */
  setDown(port: number, isDown: boolean): Promise<void>;
}

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
export async function startNginx(ports: readonly number[]): Promise<Nginx> {
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
  const child = spawn('nginx', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let logged = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    logged += text;
  });
  const ended = once(child, 'close');
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(url, { redirect: 'manual' }).catch(() => undefined)))
    if (child.exitCode !== null) throw new Error(`nginx ended:\n${logged}`);
  return {
    url,
    async setDown(one, isDown) {
      if (isDown) down.add(one);
      else down.delete(one);
      await writeUpstream();
      const before = await workersOf(child.pid as number);
      child.kill('SIGHUP');
      for (;;) {
        const now = await workersOf(child.pid as number);
        const serving = now.filter(({ isStopping }) => !isStopping);
        const isNew = (pid: number) => before.every((former) => former.pid !== pid);
        if (serving.length > 0 && serving.every(({ pid }) => isNew(pid))) return;
        await pause(20);
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
