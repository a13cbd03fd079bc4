import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { GraphQLError, getOperationAST, Kind, type OperationDefinitionNode, parse, validate } from 'graphql';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { schema } from '../src/schema/index.ts';
import { ask, executeWithFiles } from './support/client.ts';
import { databaseEnv, kind } from './support/database.ts';
import { removeFile } from './support/documents.ts';
import { uploadFile } from './support/files.ts';
import { isFull } from './support/length.ts';
import { type Block, blocksOfDocs, isExcerpt, pagesOfDocs, root } from './support/markdown.ts';
import { startTestServer, type TestServer } from './support/server.ts';
import { addKey, addUser } from './support/user.ts';

/**
 * Every fenced block of README.md, CONTRIBUTING.md and docs/ is run here, or listed with the reason
 * why it is not. A block that is neither fails, and so does a reason without a block. The parts of
 * examples in docs/clients/ are not run here: test/clients/examples.long.test.ts runs the examples.
 */

/** The text that identifies a block that is not run, and the reason. */
const notRun: Record<string, string> = {
  '~/attache/': 'installs packages; test/clients/set-up.full.test.ts runs it in an empty folder',
  'kubectl exec deploy/attache': 'needs Docker and Kubernetes',
  'docker compose --file deploy/compose.yaml exec attache node -e': 'needs Docker',
  'docker build': 'needs Docker; test/deploy/image.full.test.ts runs what the image contains',
  'npm ci\nnpm start': 'installs packages; what it starts is what all of these tests start',
  'npm run build && npm prune': 'installs and removes packages',
  'npm run chaos': 'takes minutes; test/events/chaos.long.test.ts runs it for some seconds',
  'npm run crash': 'takes minutes; test/uploads/crash.long.test.ts runs it for some seconds',
  'npm run bench': 'measures for minutes',
  'npx vitest run': 'runs other tests',
  'attache watch Task:1': 'never ends; test/commands/client/watch.test.ts runs it',
  'attache sync team Task:1 --watch': 'never ends; test/commands/client/sync-watch.full.test.ts runs it',
  'createdb --encoding':
    'needs the commands of PostgreSQL; test/database/database.postgres.long.test.ts starts on an empty database',
  'npm pack  ': 'test/commands/package.full.test.ts packs, installs and starts the package',
  '.backup $BACKUP': 'test/maintenance/backup.sqlite.full.test.ts does these steps',
  'cp "$BACKUP/attache.db"': 'test/maintenance/backup.sqlite.full.test.ts does these steps',
  'systemctl daemon-reload': 'needs systemd and root',
  'systemd-run': 'needs systemd and root',
  'chown -R --reference=/var/lib/private': 'needs systemd and root',
  'systemctl restart nginx': 'needs root; changes the nginx of the machine',
  'scrape_configs:': 'test/deploy/configuration.test.ts parses the example of deploy/prometheus',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'needs a collector; test/tracing/tracing.test.ts has one',
  "STORAGE_URL='s3://": 'needs S3; test/storage starts on a server of it',
  'x-amz-checksum-sha256': 'needs S3; test/storage/s3-server.full.test.ts puts bytes into it',
  'scripts/try-older-apis.sh': 'test/legacy/together.test.ts runs it',
  "from 'tus-js-client'": 'test/http/tus/second-place.test.ts runs it',
  AUTH_JWT_: 'needs an identity provider; test/config-jwt.test.ts reads these settings',
  'new Uppy(': 'test/http/tus/second-place.test.ts runs it',
  'npm pack --workspace': 'test/clients/package/package.full.test.ts packs and installs it',
};

/** Operations that are only validated, and the reason. */
const notExecuted: Record<string, string> = {
  createUploadUrl: 'needs S3',
  completeUpload: 'needs S3',
  cancelUpload: 'needs an unfinished upload; test/uploads/unfinished-uploads.test.ts has some',
};

/** Blocks that are not code are output, folder trees and diagrams. */
const isCode = ({ language }: Block) => language !== '' && language !== 'mermaid';

const blocks = blocksOfDocs().filter(isCode);
const reasonFor = ({ text }: Block) => Object.keys(notRun).find((part) => text.includes(part));
const runnable = blocks.filter((block) => reasonFor(block) === undefined && !isExcerpt(block));
const of = (...languages: string[]) =>
  runnable.filter(({ language }) => languages.includes(language)).map((block) => [block.place, block] as const);

test('every block of the documentation is run here or listed with the reason why not', () => {
  const known = ['sh', 'graphql', 'ts', 'js', 'json'];
  expect(runnable.filter(({ language }) => !known.includes(language)).map(({ place }) => place)).toEqual([]);
  expect(runnable.length).toBeGreaterThan(30);
  const needed = new Set(blocks.map(reasonFor));
  expect(Object.keys(notRun).filter((part) => !needed.has(part))).toEqual([]);
});

/** The programs of `examples/` whose parts a page of docs/clients/ has. */
const programs = [
  ['apollo-client.md', 'apollo.ts'],
  ['curl.md', 'curl.sh'],
  ['graphql-request.md', 'graphql-request.ts'],
  ['graphql-ws.md', 'graphql-ws.ts'],
  ['python.md', 'python.py'],
  ['relay.md', 'relay/files.ts'],
  ['tus-and-uppy.md', 'tus.ts'],
  ['tus-and-uppy.md', 'uppy.ts'],
  ['urql.md', 'urql.ts'],
] as const;

test.each(programs)('the blocks of docs/clients/%s, pasted in order, are the whole of %s', async (page, name) => {
  const program = await readFile(join(root, 'examples', name), 'utf8');
  // Without the comment that says how to start it in this repository.
  const code = program.replace(/^(?:\/\*\*.*?\*\/|""".*?"""|(?:#[^\n]*\n)+set [^\n]*)\n/s, '');
  const parts = blocks.filter(({ place, text }) => place.startsWith(`docs/clients/${page}:`) && code.includes(text));
  const withoutBlankLines = (text: string) => text.replaceAll(/\n{2,}/g, '\n').trim();
  expect(withoutBlankLines(parts.map(({ text }) => text).join('\n'))).toBe(withoutBlankLines(code));
});

/** A server with the files that the documentation uses: an image and a large file. */
async function startDocumented(): Promise<TestServer> {
  const server = await startTestServer();
  const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#c33' } })
    .png()
    .toBuffer();
  await uploadFile(server, 'Task:1', { name: 'a.png', content: new Blob([new Uint8Array(picture)]) });
  await uploadFile(server, 'Task:1', { name: 'big.iso', content: 'large' });
  return server;
}

/** Replaces the URL and key of the documentation by those of this server. */
const addressed = (text: string, { url, key }: TestServer) =>
  text
    .replaceAll('ws://127.0.0.1:4000', url.replace('http', 'ws'))
    .replaceAll(/(?:http:\/\/)?(?:127\.0\.0\.1|localhost):4000/g, url)
    .replaceAll('att_…', key);

describe('GraphQL', () => {
  test.each(of('graphql'))('%s executes without an error', async (_place, { text }) => {
    const document = parse(text);
    expect(validate(schema, document)).toEqual([]);
    await using server = await startDocumented();
    for (const operation of document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)) {
      const { name } = operation as OperationDefinitionNode;
      if (Object.keys(notExecuted).some((field) => text.includes(field))) continue;
      expect(await execute(server, text, name?.value)).toEqual('answered');
    }
  });
});

async function execute(server: TestServer, query: string, operationName: string | undefined): Promise<unknown> {
  const document = parse(query);
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new GraphQLError('There is no such operation.');
  if (query.includes('$files')) {
    const { errors } = await executeWithFiles(server, document as never, {}, [{ name: 'a.txt', content: 'a' }]);
    return errors ?? 'answered';
  }
  const leaving = new AbortController();
  const isStream = operation.operation === 'subscription';
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.key}`,
      'content-type': 'application/json',
      accept: isStream ? 'text/event-stream' : 'application/json',
    },
    body: JSON.stringify({ query, operationName }),
    signal: leaving.signal,
  });
  if (!isStream) return ((await response.json()) as { errors?: unknown }).errors ?? 'answered';
  // A stream begins with a comment and the id of its start. An error would come in their place.
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!/^(?:id|event):/m.test(text)) text += (await reader?.read())?.value ?? 'event: none\n';
  leaving.abort();
  return /^event:/m.test(text) ? text : 'answered';
}

/** A folder like a checkout of the repository, with a wrapper of `curl` first in its PATH. */
async function createWorkingFolder(server: TestServer) {
  const folder = await mkdtemp(join(tmpdir(), 'attache-docs-'));
  const parts = [
    'bin',
    'src',
    'packages',
    'scripts',
    'dist',
    'node_modules',
    'package.json',
    'README.md',
    'schema.graphql',
  ];
  for (const name of parts) await symlink(join(root, name), join(folder, name));
  const bin = join(folder, 'commands');
  await mkdir(bin);
  // The command line, as an installed package has it.
  await writeFile(join(bin, 'attache'), '#!/bin/sh\nexec node dist/main.js "$@"\n', { mode: 0o755 });
  // Without --fail-with-body, curl exits with 0 for every status. A stream (-N) has no end, so the
  // wrapper ends it after a second.
  const script = [
    '#!/bin/bash',
    'for last in "$@"; do [ "$last" != -N ] || stream=1; done',
    'if [ -z "$stream" ]; then exec /usr/bin/env -S PATH="$REAL_PATH" curl --fail-with-body -sS "$@"; fi',
    'PATH="$REAL_PATH" curl --fail-with-body -sS --max-time 1 "$@"',
    'status=$?; [ $status = 28 ] || exit $status',
  ];
  await writeFile(join(bin, 'curl'), script.join('\n'));
  await chmod(join(bin, 'curl'), 0o755);
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  const env = {
    PATH: `${bin}:${path}`,
    REAL_PATH: path,
    HOME: folder,
    DATA_DIR: server.dataDir,
    ...(await databaseEnv(server.dataDir)),
  };
  return { folder, env, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** The key with which a block calls the server. */
async function keyFor(server: TestServer, text: string): Promise<string> {
  if (!text.includes('action=')) return server.key;
  const bob = await addUser(server, 'Bob'); // the administrator's key cannot sign requests
  await server.query(
    parse(
      `mutation { addProjectMember(input: { projectId: "Project:1", userId: "${bob.id}", role: EDITOR }) { __typename } }`,
    ) as never,
  );
  return addKey(server, bob.id, '--worksection');
}

describe('commands', () => {
  test.each(of('sh').filter(([place]) => isFull || place.startsWith('README')))(
    '%s exits with 0, and its output contains no error',
    { timeout: 240_000 },
    async (_place, { text }) => {
      await using server = await startDocumented();
      await using workplace = await createWorkingFolder(server);
      const KEY = await keyFor(server, text);
      const script = `set -eo pipefail\n${addressed(text, { ...server, key: KEY })}`;
      const env = { ...workplace.env, KEY, ATTACHE_URL: server.url, ATTACHE_KEY: KEY };
      const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: workplace.folder, env });
      expect(stdout).not.toMatch(/"errors?":\s*(?:\[\s*\{|\{)|"status":\s*"error"/);
    },
  );
});

/** Globals that the snippets use: the key, and the files that a user chose. */
const surroundings = `
declare global {
  const key: string;
  const file: File;
  const input: { files: FileList };
}
export {};
`;

describe('TypeScript', () => {
  test('all snippets pass the type check', async () => {
    const folder = await mkdtemp(join(root, 'test', '.docs-'));
    try {
      await writeFile(join(folder, 'surroundings.ts'), surroundings);
      await symlink(join(root, 'test/support/apollo-upload-client.d.ts'), join(folder, 'apollo-upload-client.d.ts'));
      for (const [place, { text }] of of('ts', 'js'))
        await writeFile(join(folder, `${basename(place).replace(/\W/g, '-')}.ts`), `${text}\nexport {};\n`);
      await writeFile(
        join(folder, 'tsconfig.json'),
        JSON.stringify({ extends: '../../tsconfig.json', include: ['*.ts'], compilerOptions: { noEmit: true } }),
      );
      const tsc = join(root, 'node_modules/.bin/tsc');
      const { stdout } = await promisify(execFile)(tsc, ['-p', folder]).catch((error) => error);
      expect(stdout).toBe('');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test.each(of('ts', 'js').filter(([, { text }]) => text.includes('console.log')))(
    '%s prints the name of an uploaded file',
    async (_place, { text }) => {
      await using server = await startTestServer();
      await using workplace = await createWorkingFolder(server);
      const code = `globalThis.key = process.env.KEY;\n${addressed(text, server)}`;
      await writeFile(join(workplace.folder, 'snippet.mts'), code);
      const child = spawn(process.execPath, ['--conditions=attache-source', 'snippet.mts'], {
        cwd: workplace.folder,
        env: { ...workplace.env, KEY: server.key },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        await uploadUntilPrinted(server, child, 'received.txt');
      } finally {
        child.kill();
        if (child.exitCode === null) await once(child, 'close');
      }
    },
  );
});

/** Uploads files of this name until the process prints it. It does not report when it listens. */
async function uploadUntilPrinted(server: TestServer, child: ChildProcess, name: string): Promise<void> {
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  while (!printed.includes(name)) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode} and printed ${printed}`);
    const { id } = await uploadFile(server, 'Task:1', { name, content: 'a' });
    await ask(server, removeFile, { fileId: id });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test.each(of('json'))('%s is valid JSON and names every custom scalar of the schema', (_place, { text }) => {
  const own = Object.values(schema.getTypeMap()).filter(
    ({ astNode, name }) => !astNode && /^(?:DateTime|Base64|ByteSize|Upload)$/.test(name),
  );
  const { customScalarTypes } = JSON.parse(text) as { customScalarTypes: object };
  expect(Object.keys(customScalarTypes).sort()).toEqual(own.map(({ name }) => name).sort());
});

test.runIf(kind === 'sqlite')('every link between the pages has an existing target', async () => {
  const pages = pagesOfDocs();
  const broken: string[] = [];
  for (const page of pages) {
    const text = await readFile(join(root, page), 'utf8');
    for (const [, path = '', anchor] of text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
      const target = path === '' ? page : join(page, '..', path);
      const found = await readFile(join(root, target), 'utf8').catch((error) =>
        error.code === 'EISDIR' ? '' : undefined,
      );
      if (found === undefined) broken.push(`${page}: ${path}`);
      else if (anchor !== undefined && !anchorsOf(found).includes(anchor)) broken.push(`${page}: ${path}#${anchor}`);
    }
  }
  expect(broken).toEqual([]);
});

/** The anchors that GitHub derives from headings. */
const anchorsOf = (markdown: string): string[] =>
  [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
