import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { imageConfig } from './dockerfile.ts';
import type { Ending } from './process.ts';

/** The server of the image, as a container of it. */
export interface Container extends AsyncDisposable {
  /** What it has printed and logged so far. */
  output(): string;
  end(signal: NodeJS.Signals): Promise<Ending>;
}

const NODE = '/opt/node';

/**
 * The arguments of bubblewrap for what the Dockerfile sets: a user that is not root and has no
 * capabilities, and a root that is read-only, in which the volume and /tmp can be written. The
 * programs of this machine take the place of those of the base image.
 */
function sandbox({ app, data, env }: ImageFolders): string[] {
  const config = imageConfig();
  const settings = { ...config.env, PATH: `${NODE}:/usr/bin`, ...env };
  return [
    ...['--ro-bind', '/usr', '/usr', '--symlink', 'usr/bin', '/bin', '--symlink', 'usr/lib', '/lib'],
    ...['--symlink', 'usr/lib64', '/lib64', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...['--ro-bind', process.execPath, `${NODE}/node`, '--ro-bind', app, config.workdir],
    ...['--bind', data, config.volume, '--remount-ro', '/', '--chdir', config.workdir],
    ...['--unshare-user', '--uid', '1000', '--gid', '1000', '--cap-drop', 'ALL', '--unshare-pid', '--unshare-ipc'],
    ...['--as-pid-1', '--die-with-parent', '--new-session', '--clearenv'],
    ...Object.entries(settings).flatMap(([name, value]) => ['--setenv', name, value]),
  ];
}

export interface ImageFolders {
  /** What `assemble.sh` made. */
  app: string;
  /** The volume. */
  data: string;
  env: Record<string, string>;
}

/** Runs a command in a container of its own, beside the server, and returns its code and output. */
export async function runInImage(
  folders: ImageFolders,
  command: readonly string[],
): Promise<{ code: number | null; output: string }> {
  const child = spawn('bwrap', [...sandbox(folders), ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, output: output + errors };
}

/** Starts the command of the image, and waits until the server listens. */
export async function startImage(folders: ImageFolders): Promise<Container> {
  const args = [...sandbox(folders), ...imageConfig().command];
  const child = spawn('bwrap', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended: Promise<Ending> = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  let output = '';
  const listens = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (more: string) => {
        output += more;
        if (output.includes('listens at')) resolve();
      });
  });
  const failed = ended.then(() => {
    throw new Error(`The server ended:\n${output}`);
  });
  failed.catch(() => {}); // It also ends after it has listened.
  await Promise.race([listens, failed]);
  return {
    output: () => output,
    async end(signal) {
      process.kill(await firstChild(child), signal);
      return ended;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Process 1 of the container, as this machine counts. */
async function firstChild({ pid }: ChildProcess): Promise<number> {
  return Number(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'));
}
