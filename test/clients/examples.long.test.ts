import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { startProxy } from '../../scripts/support/proxy.ts';
import { openPage, startSite } from '../support/browser.ts';
import { ask } from '../support/client.ts';
import { cursorOf } from '../support/events.ts';
import { uploadFile, uploadFiles } from '../support/files.ts';
import { isFull } from '../support/length.ts';
import { processEnv } from '../support/process.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Every program of `examples/` runs here as its first comment says, against a real server. */
const examples = resolve(import.meta.dirname, '../../examples');
const node = (...args: string[]): Command => [process.execPath, '--conditions=attache-source', ...args];
type Command = [string, ...string[]];

const apollo = node(join(examples, 'apollo.ts'));
const urql = node(join(examples, 'urql.ts'));
const relay = node('--import', join(examples, 'relay/plugin.ts'), join(examples, 'relay/files.ts'));

/** More than the limit up to which attache-client sends one request. */
const SIZE = 5 * 1024 ** 2 + 1;
/** More than one page. */
const LISTED = 21;

/** A running example. Its output is read line by line. */
class Example implements AsyncDisposable {
  readonly lines: string[] = [];
  readonly #child: ChildProcessByStdio<null, Readable, null>;
  readonly #ended: Promise<unknown>;

  constructor([program, ...args]: Command, cwd: string, env: Record<string, string>) {
    // A group of its own: a shell script starts further processes.
    this.#child = spawn(program, args, {
      cwd,
      env: { ...processEnv, HOME: cwd, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    this.#ended = once(this.#child, 'close');
    let rest = '';
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      this.lines.push(...lines);
    });
  }

  with(start: string): string[] {
    return this.lines.filter((line) => line.startsWith(`${start} `)).map((line) => line.slice(start.length + 1));
  }

  /** Waits until the program has ended by itself. */
  async completed(): Promise<void> {
    await this.#ended;
    expect(this.#child.exitCode).toBe(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) process.kill(-(this.#child.pid as number), 'SIGKILL');
    await this.#ended;
  }
}

async function startPlace() {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder('example'));
  await writeFile(join(folder.path, 'photo.jpg'), new Uint8Array(SIZE));
  const server = stack.use(await startTestServer());
  const proxy = stack.use(await startProxy(Number(new URL(server.url).port)));
  const env = { ATTACHE_URL: `http://127.0.0.1:${proxy.port}`, ATTACHE_KEY: server.key };
  const owned = stack.move();
  return {
    ...{ server, proxy, folder: folder.path },
    start: (command: Command) => new Example(command, folder.path, env),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const names = Array.from({ length: LISTED }, (_, index) => `file ${index}`);
async function fillTask(server: TestServer): Promise<void> {
  await uploadFiles(server, 'Task:1', names.slice(0, 20));
  await uploadFiles(server, 'Task:1', names.slice(20));
}

async function sizesOf(server: TestServer, name: string): Promise<number[]> {
  const query = '{ task(id: "Task:1") { files(first: 50) { nodes { name size } } } }';
  const { task } = await ask<{ task: { files: { nodes: { name: string; size: number }[] } } }>(server, query);
  return task.files.nodes.filter((file) => file.name === name).map(({ size }) => size);
}

/** Uploads until the program prints it: not every client can say that it listens. */
async function uploadUntilAdded(server: TestServer, example: Example, name: string): Promise<void> {
  for (let count = 0; !example.with('added').some((added) => added.startsWith(name)); count++) {
    await uploadFile(server, 'Task:1', `${name} ${count}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test.each([
  ['apollo', apollo],
  ...(isFull
    ? ([
        ['urql', urql],
        ['relay', relay],
      ] as [string, Command][])
    : []),
])('the example %s uploads with progress, lists all pages, and receives each new file once', async (_name, command) => {
  await using place = await startPlace();
  const { server, proxy } = place;
  await fillTask(server);
  await using example = place.start([...command, 'photo.jpg', 'Task:1']);
  await expect.poll(() => example.with('status').at(-1)).toBe('connected');
  expect(example.with('sent').at(-1)).toBe(`${SIZE} of ${SIZE}`);
  expect(example.with('uploaded')).toEqual([expect.stringMatching(/^File:\d+$/)]);
  expect(example.with('listed')).toEqual([...names, 'photo.jpg']);
  expect(await sizesOf(server, 'photo.jpg')).toEqual([SIZE]);
  proxy.cut(1);
  await uploadFiles(server, 'Task:1', ['one', 'two']);
  await expect.poll(() => example.with('added')).toEqual(['one', 'two']);
});

test('the example graphql-ws prints what it missed while it was stopped', async () => {
  await using place = await startPlace();
  const { server, folder } = place;
  const command = node(join(examples, 'graphql-ws.ts'), 'cursor.txt', 'Task:1');
  {
    await using example = place.start(command);
    await expect.poll(() => example.with('status').at(-1)).toBe('connected');
    await uploadFile(server, 'Task:1', 'one');
    await expect.poll(() => example.with('added')).toEqual(['one']);
    await expect.poll(() => readFile(join(folder, 'cursor.txt'), 'utf8')).toBe(await cursorOf(server, 'Task:1'));
  }
  await uploadFile(server, 'Task:1', 'missed');
  await using example = place.start(command);
  await expect.poll(() => example.with('added')).toEqual(['missed']);
});

(isFull ? describe : () => {})('at length', () => {
  test('the example graphql-request uploads, and downloads every file', async () => {
    await using place = await startPlace();
    await fillTask(place.server);
    await using example = place.start(node(join(examples, 'graphql-request.ts'), 'photo.jpg', 'Task:1', 'copies'));
    await example.completed();
    expect(example.with('sent').at(-1)).toBe(`${SIZE} of ${SIZE}`);
    expect(await readdir(join(place.folder, 'copies'))).toHaveLength(LISTED + 1);
    expect(example.with('downloaded')).toEqual([...names, 'photo.jpg']);
  });

  test('the example tus uploads over a connection that breaks', async () => {
    await using place = await startPlace();
    await using example = place.start(node(join(examples, 'tus.ts'), 'photo.jpg', 'Task:1'));
    await expect.poll(() => example.with('sent').length).toBeGreaterThan(0);
    place.proxy.cut(1);
    await example.completed();
    expect(example.with('uploaded')).toEqual(['File:1']);
    expect(await sizesOf(place.server, 'photo.jpg')).toEqual([SIZE]);
  });

  test.each([
    ['curl.sh', isInstalled('curl'), ['bash']],
    ['python.py', isInstalled('Python'), ['python3']],
  ] as const)(
    'the example %s uploads, lists, downloads, and prints what it missed',
    async (name, installed, [program]) => {
      if (!installed) return;
      await using place = await startPlace();
      const { server, proxy } = place;
      await fillTask(server);
      const command: Command = [program, join(examples, name), 'photo.jpg', 'Task:1'];
      {
        await using example = place.start(command);
        await uploadUntilAdded(server, example, 'live');
        expect(example.with('uploaded')).toHaveLength(1);
        expect(example.with('downloaded')).toEqual([`${SIZE} bytes`]);
        expect(example.with('listed')).toEqual(expect.arrayContaining([...names, 'photo.jpg']));
        proxy.cut(1);
        await uploadFile(server, 'Task:1', 'after the cut');
        await expect.poll(() => example.with('added').at(-1)).toBe('after the cut');
        expect(new Set(example.with('added')).size).toBe(example.with('added').length);
        // The cursor is written when the event has ended.
        await expect
          .poll(() => readFile(join(place.folder, 'cursor.txt'), 'utf8'))
          .toBe(await cursorOf(server, 'Task:1'));
      }
      await uploadFile(server, 'Task:1', 'missed');
      await using example = place.start(command);
      await expect.poll(() => example.with('added')).toEqual(['missed', 'photo.jpg']);
    },
  );

  test.runIf(isInstalled('Chromium'))('the example uppy uploads from a page of another origin', async () => {
    await using site = await startSite(
      `import { createUppy } from '${join(examples, 'uppy.ts')}'; Object.assign(globalThis, { createUppy });`,
    );
    await using server = await startTestServer({ CORS_ORIGINS: site.origin });
    await using opened = await openPage(site.origin);
    const printed: string[] = [];
    opened.page.on('console', (message) => printed.push(message.text()));
    await opened.page.evaluate(
      async ({ url, key, size }) => {
        // biome-ignore lint/suspicious/noExplicitAny: a global that the script of the page sets
        const uppy = (globalThis as any).createUppy({ url, token: async () => key, on: 'Task:1' });
        uppy.addFile({ name: 'photo.jpg', data: new Blob([new Uint8Array(size)]) });
        await uppy.upload();
      },
      { url: server.url, key: server.key, size: SIZE },
    );
    await expect.poll(() => printed).toContain('uploaded photo.jpg');
    expect(printed).toContain(`sent ${SIZE} of ${SIZE}`);
    expect(await sizesOf(server, 'photo.jpg')).toEqual([SIZE]);
  });
});
