import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { freePorts } from '../../scripts/support/ports.ts';
import { endpointOf } from '../support/client.ts';
import { readDeploy } from '../support/deploy.ts';
import { uploadFile } from '../support/files.ts';
import { root } from '../support/markdown.ts';
import { ADMIN_KEY, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

/** The command of the image, and that of its health check, which is indented. */
const commandOf = (indent: string): [string, ...string[]] =>
  JSON.parse(new RegExp(`^${indent}CMD (\\[.*\\])$`, 'm').exec(readDeploy('docker/Dockerfile'))?.[1] ?? '');

test('what the Dockerfile assembles starts by its command, is healthy by its health check, and makes thumbnails', {
  timeout: 600_000,
}, async () => {
  await using folder = await temporaryFolder('image');
  const app = join(folder.path, 'app');
  const data = join(folder.path, 'data');
  await mkdir(data);
  // `node` is that of the image.
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
  await run('sh', [join(root, 'deploy/docker/assemble.sh'), root, app], { env: { ...process.env, PATH } });
  const packages = await readdir(join(app, 'node_modules'));
  expect(packages).toEqual(expect.arrayContaining(['better-sqlite3', 'sharp']));
  expect(packages.length).toBeLessThan(15);

  const [port] = await freePorts(1);
  const [command, ...args] = commandOf('');
  const env = {
    PATH,
    NODE_ENV: 'production',
    PORT: String(port),
    DATA_DIR: data,
    ATTACHE_ADMIN_KEY: ADMIN_KEY,
    ATTACHE_DEMO: 'on',
  };
  const child = spawn(command, args, { cwd: app, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  try {
    for await (const chunk of child.stdout) if (String(chunk).includes('listens at')) break;
    const [program, ...checkArgs] = commandOf(' +');
    const health = checkArgs.map((arg) => arg.replace(':4000', `:${port}`));
    await run(program, health, { env: { PATH } });
    const server = endpointOf(`http://127.0.0.1:${port}/graphql`, ADMIN_KEY) as TestServer;
    const image = await sharp({ create: { width: 50, height: 50, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const file = await uploadFile(server, 'Task:1', { name: 'a.png', content: new Blob([new Uint8Array(image)]) });
    const path = `${server.url}/files/${file.databaseId}/thumbnail?width=20&height=20`;
    const thumbnail = await fetch(path, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    expect([thumbnail.status, thumbnail.headers.get('content-type')]).toEqual([200, 'image/webp']);
    await thumbnail.arrayBuffer();
  } finally {
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
  }
});
