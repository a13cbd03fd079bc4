import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { freePorts } from '../../scripts/support/ports.ts';
import { endpointOf } from '../support/client.ts';
import { imageConfig } from '../support/dockerfile.ts';
import { uploadFile, uploadQuery } from '../support/files.ts';
import { runInImage, startImage } from '../support/image.ts';
import { root } from '../support/markdown.ts';
import { isInstalled } from '../support/programs.ts';
import { ADMIN_KEY, type TestServer } from '../support/server.ts';

const headers = { authorization: `Bearer ${ADMIN_KEY}` };
const content = Buffer.alloc(3_000_000, 'some bytes ');

/** A request with a file, of which the second half is sent when `mayEnd` resolves. */
async function uploadSlowly({ graphqlUrl }: TestServer, mayEnd: Promise<void>): Promise<Response> {
  const form = new FormData();
  form.set('operations', JSON.stringify({ query: uploadQuery('Task:1'), variables: { id: 'Task:1', files: [null] } }));
  form.set('map', '{"0":["variables.files.0"]}');
  form.set('0', new File([content], 'slow.bin'), 'slow.bin');
  const encoded = new Response(form);
  const bytes = Buffer.from(await encoded.arrayBuffer());
  const type = encoded.headers.get('content-type') as string;
  async function* body() {
    yield bytes.subarray(0, bytes.length / 2);
    await mayEnd;
    yield bytes.subarray(bytes.length / 2);
  }
  return fetch(graphqlUrl, {
    method: 'POST',
    headers: { ...headers, 'content-type': type },
    body: body() as unknown as BodyInit,
    duplex: 'half',
  } as RequestInit);
}

test.runIf(isInstalled('bubblewrap'))(
  'what the Dockerfile assembles serves without root, in a read-only root',
  {
    timeout: 600_000,
  },
  async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'attache-image-'));
    const app = join(folder.path, 'app');
    const data = join(folder.path, 'data');
    await mkdir(data);
    // `node` is that of the image.
    const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
    const env = { ...process.env, PATH };
    await promisify(execFile)('sh', [join(root, 'deploy/docker/assemble.sh'), root, app], { env });
    const packages = await readdir(join(app, 'node_modules'));
    expect(packages).toEqual(expect.arrayContaining(['better-sqlite3', 'sharp']));
    expect(packages.length).toBeLessThan(15);

    const [port] = await freePorts(1);
    const settings = { PORT: String(port), ATTACHE_ADMIN_KEY: ADMIN_KEY, ATTACHE_DEMO: 'on' };
    const folders = { app, data, env: settings };
    const { healthCheck, workdir, volume } = imageConfig();
    const attempt = (path: string) => runInImage(folders, ['sh', '-c', `id -u && : >${path}/written`]);
    expect(await attempt(volume)).toEqual({ code: 0, output: '1000\n' });
    for (const path of [workdir, '/', '/usr'])
      expect(await attempt(path)).toEqual({ code: 2, output: expect.stringContaining('Read-only file system') });

    expect((await runInImage(folders, healthCheck)).code).toBe(1);
    const server = endpointOf(`http://127.0.0.1:${port}/graphql`, ADMIN_KEY) as TestServer;
    {
      await using container = await startImage(folders);
      expect(await runInImage(folders, healthCheck)).toEqual({ code: 0, output: '' });
      const image = await sharp({ create: { width: 50, height: 50, channels: 3, background: 'red' } })
        .png()
        .toBuffer();
      const file = await uploadFile(server, 'Task:1', { name: 'a.png', content: new Blob([new Uint8Array(image)]) });
      const path = `${server.url}/files/${file.databaseId}/thumbnail?width=20&height=20`;
      const thumbnail = await fetch(path, { headers });
      expect([thumbnail.status, thumbnail.headers.get('content-type')]).toEqual([200, 'image/webp']);
      await thumbnail.arrayBuffer();

      const stopping = Promise.withResolvers<void>();
      const uploading = uploadSlowly(server, stopping.promise);
      await expect.poll(async () => (await readdir(join(data, 'files/staging'))).length).toBe(1);
      const ended = container.end('SIGTERM');
      await expect.poll(() => container.output()).toContain('"stopping"');
      stopping.resolve();
      const answer = await (await uploading).text();
      expect(answer).toContain(createHash('sha256').update(content).digest('hex'));
      expect(await ended).toEqual({ code: 0, signal: null });
    }

    await using _container = await startImage(folders);
    const downloaded = await fetch(`${server.url}/files/2/content`, { headers });
    expect(content.equals(Buffer.from(await downloaded.arrayBuffer()))).toBe(true);
  },
);
