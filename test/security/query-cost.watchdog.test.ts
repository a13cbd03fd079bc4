import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fillStore } from '../../scripts/bench/fill-store.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { repeatField } from '../support/repeat-field.ts';
import { ADMIN_KEY } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { expectResponsive, underWatch } from '../support/watchdog.ts';

const MIB = 1024 * 1024;
const FILES = 50_000;

interface Answer {
  status: number;
  bytes: number;
  data: Record<string, unknown> | null | undefined;
  errors: { message: string; extensions: { code: string } }[];
  retryAfter: string | null;
}

async function send(server: ServerProcess, query: string, variables: object = {}, key = ADMIN_KEY): Promise<Answer> {
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  // Counts large responses instead of storing them, because this process also runs the watchdog.
  let bytes = 0;
  const kept: Buffer[] = [];
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes <= 4 * MIB) kept.push(Buffer.from(chunk));
  }
  const isWhole = bytes <= 4 * MIB;
  const { data, errors = [] } = (isWhole ? JSON.parse(Buffer.concat(kept).toString()) : {}) as Answer;
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, bytes, data, errors, retryAfter };
}

const codes = ({ errors }: Answer) => [...new Set(errors.map((error) => error.extensions.code))];

interface Attacked extends AsyncDisposable {
  server: ServerProcess;
  /** The API key of another user. */
  otherKey: string;
}

async function attacked(env: Record<string, string> = {}, files = 0): Promise<Attacked> {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder('cost'));
  const start = () => startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY, ...env });
  if (files > 0) {
    const first = await start();
    await first.end('SIGTERM');
    fillStore(join(folder.path, 'attache.db'), files);
  }
  const server = stack.use(await start());
  const otherKey = await addUser(server, 'Other');
  return { server, otherKey, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Creates a user, and returns an API key of theirs. */
async function addUser(server: ServerProcess, displayName: string): Promise<string> {
  const create = 'mutation ($n: String!) { createUser(input: { displayName: $n }) { user { id } } }';
  const { data } = await send(server, create, { n: displayName });
  const { id } = (data as { createUser: { user: { id: string } } }).createUser.user;
  const make = 'mutation ($id: ID!) { createApiKey(input: { userId: $id, name: "key" }) { key } }';
  const made = await send(server, make, { id });
  return (made.data as { createApiKey: { key: string } }).createApiKey.key;
}

async function uploadOfSize(server: ServerProcess, bytes: number, name = 'big.bin'): Promise<string> {
  const query =
    'mutation ($b: Base64!, $n: String!) { createTaskFile(input: { taskId: "Task:1", filename: $n, blob: $b }) { file { id } } }';
  const { data, errors } = await send(server, query, { b: Buffer.alloc(bytes, 'x').toString('base64'), n: name });
  expect(errors).toEqual([]);
  return (data as { createTaskFile: { file: { id: string } } }).createTaskFile.file.id;
}

test('a thousand aliases for the content of one file are PAYLOAD_TOO_LARGE, and use little memory', async () => {
  await using given = await attacked();
  const { server, otherKey } = given;
  const id = await uploadOfSize(server, 4 * MIB);
  const watch = await underWatch(server, otherKey, () =>
    send(server, `{ file(id: "${id}") { ${repeatField(1000, () => 'content')} } }`),
  );
  expectResponsive(watch);
  expect(watch.result.errors).toHaveLength(1);
  expect(watch.result.errors[0]).toMatchObject({
    message: expect.stringContaining('Ask for fewer fields'),
    extensions: { code: 'PAYLOAD_TOO_LARGE' },
  });
});

test('ten concurrent requests for large contents succeed within the memory limit', async () => {
  await using given = await attacked();
  const { server, otherKey } = given;
  const ids: string[] = [];
  for (let index = 0; index < 3; index++) ids.push(await uploadOfSize(server, 4 * MIB, `${index}.bin`));
  const query = `{ ${ids.map((id, index) => `a${index}: file(id: "${id}") { content }`).join(' ')} }`;
  const watch = await underWatch(server, otherKey, () =>
    Promise.all(Array.from({ length: 10 }, () => send(server, query))),
  );
  expectResponsive(watch);
  for (const answer of watch.result) {
    expect(answer.errors).toEqual([]);
    expect(answer.bytes).toBeGreaterThan(3 * 4 * MIB);
  }
});

// Rows of the database, each smaller or larger than what is reserved at once, and files.
test.each([
  [592, 40_000],
  [370, 60_000],
  [148, 140_000],
])(
  'aborted requests for %s contents of %s bytes do not delay other users, and release their memory',
  async (files, size) => {
    await using given = await attacked({ MAX_FILES: '100' });
    const { server, otherKey } = given;
    const blob = Buffer.alloc(size, 'x').toString('base64');
    const create = (index: number) =>
      `createTaskFile(input: { taskId: "Task:1", filename: "${index}.bin", blob: $b }) { file { id } }`;
    const ids: string[] = [];
    while (ids.length < files) {
      const { data } = await send(server, `mutation ($b: Base64!) { ${repeatField(74, create)} }`, { b: blob });
      ids.push(...Object.values(data as Record<string, { file: { id: string } }>).map(({ file }) => file.id));
    }
    const contents = (index: number) =>
      `nodes(ids: ${JSON.stringify(ids.slice(index * 74, index * 74 + 74))}) { ... on File { content } }`;
    const query = `{ ${repeatField(files / 74, contents)} }`;
    const watch = await underWatch(server, otherKey, () =>
      Promise.allSettled(
        Array.from({ length: 10 }, () =>
          fetch(server.graphqlUrl, {
            method: 'POST',
            headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
            body: JSON.stringify({ query }),
            signal: AbortSignal.timeout(3000),
          }),
        ),
      ),
    );
    expectResponsive(watch);
    // The memory that they reserved or waited for is available again.
    const { errors, bytes } = await send(server, `{ file(id: "${ids[0]}") { content } }`);
    expect(errors).toEqual([]);
    expect(bytes).toBeGreaterThan(size);
  },
);

test('many aliases for long descriptions are PAYLOAD_TOO_LARGE, with the same or different arguments', async () => {
  await using given = await attacked();
  const { server, otherKey } = given;
  const create =
    'mutation ($d: String!) { ' +
    repeatField(
      20,
      () => 'createTask(input: { projectId: "Project:1", title: "T", description: $d }) { task { id } }',
    ) +
    ' }';
  for (let index = 0; index < 5; index++)
    expect((await send(server, create, { d: '\u00e9'.repeat(100_000) })).errors).toEqual([]);
  const same = repeatField(200, () => 'tasks(first: 100) { nodes { description } }');
  const different = repeatField(80, (index) => `tasks(first: ${20 + index}) { nodes { description } }`);
  const unread = repeatField(80, (index) => `tasks(first: ${20 + index}) { nodes { id } }`);
  const watch = await underWatch(server, otherKey, async () => [
    await send(server, `{ ${same} }`),
    await send(server, `{ ${different} }`),
    await send(server, `{ ${unread} }`),
    ...(await Promise.all([send(server, `{ ${different} }`), send(server, `{ ${unread} }`)])),
  ]);
  expectResponsive(watch);
  for (const answer of watch.result) {
    expect(codes(answer)).toEqual(['PAYLOAD_TOO_LARGE']);
    expect(answer.errors).toHaveLength(1);
  }
  const page = await send(server, '{ tasks(first: 50) { nodes { description } } }');
  expect(page.errors).toEqual([]);
  expect(page.bytes).toBeGreaterThan(4 * MIB);
});

test('counts, filters and orders of a long list under many aliases do not delay other users', async () => {
  await using given = await attacked({ MAX_QUERY_SECONDS: '2' }, FILES);
  const { server, otherKey } = given;
  const plainKey = await addUser(server, 'Plain');
  const same = repeatField(400, () => 'files(first: 1) { totalCount }');
  const filtered = repeatField(
    400,
    (index) => `files(first: 1, filter: { nameContains: "${index}x" }) { totalCount nodes { id } }`,
  );
  const sorted = repeatField(
    100,
    (index) => `files(first: ${index + 1}, include: COMMENTS, orderBy: { field: SIZE }) { nodes { id } }`,
  );
  const root = repeatField(200, (index) => `files(first: 1, filter: { nameContains: "y${index}" }) { totalCount }`);
  const watch = await underWatch(server, otherKey, async () => {
    const since = performance.now();
    const first = await send(server, `{ task(id: "Task:1") { ${same} } }`);
    const ms = performance.now() - since;
    return {
      ms,
      first,
      others: [
        await send(server, `{ task(id: "Task:1") { ${filtered} } }`),
        await send(server, `{ task(id: "Task:1") { ${sorted} } }`),
        await send(server, `{ ${root} }`),
        await send(server, `{ ${root} }`, {}, plainKey),
      ],
    };
  });
  expectResponsive(watch);
  const { ms, first, others } = watch.result;
  expect(first.errors).toEqual([]);
  expect(first.data).toMatchObject({ task: { a0: { totalCount: FILES }, a399: { totalCount: FILES } } });
  expect(ms).toBeLessThan(1000);
  for (const answer of others)
    for (const error of answer.errors) expect(error.message).toContain('asks for too much at once');
});

test('a hundred concurrent counts of a long list by one user do not delay other users', async () => {
  await using given = await attacked({ MAX_QUERY_SECONDS: '2' }, FILES);
  const { server, otherKey } = given;
  const query = (index: number) =>
    `{ task(id: "Task:1") { files(first: 1, filter: { nameContains: "${index}z" }) { totalCount nodes { id } } } }`;
  const watch = await underWatch(server, otherKey, () =>
    Promise.all(Array.from({ length: 100 }, (_, index) => send(server, query(index)))),
  );
  expectResponsive(watch);
  for (const answer of watch.result)
    expect(codes(answer)).toSatisfy((some) => ['', 'RATE_LIMITED'].includes(`${some}`));
});

test('thousands of unknown ids return at most 101 errors, and log nothing', async () => {
  await using given = await attacked();
  const { server, otherKey } = given;
  const nodes = (type: string) =>
    repeatField(40, (alias) => {
      const ids = Array.from({ length: 100 }, (_, index) => `"${type}:${100_000 + alias * 100 + index}"`);
      return `nodes(ids: [${ids}]) { id }`;
    });
  const byVariable = (type: string) => {
    const ids = Array.from({ length: 100 }, (_, index) => `${type}:${100_000 + index}`);
    return send(server, `query ($ids: [ID!]!) { ${repeatField(40, () => 'nodes(ids: $ids) { id }')} }`, { ids });
  };
  const watch = await underWatch(server, otherKey, async () => [
    ...(await Promise.all(['File', 'Task', 'Case', 'User', 'HistoryEvent'].map(byVariable))),
    await send(server, `{ ${nodes('File')} }`),
    await send(server, `{ ${repeatField(900, () => 'nodes(ids: ["File:1"]) { id }')} }`),
    await send(server, `{ ${repeatField(900, (index) => `file(id: "File:${100_000 + index}") { name }`)} }`),
  ]);
  expectResponsive(watch);
  for (const answer of watch.result) {
    expect(answer.errors.length).toBeLessThanOrEqual(101);
    expect(codes(answer)).not.toContain('INTERNAL_SERVER_ERROR');
    expect(answer.bytes).toBeLessThan(2 * MIB);
  }
  expect(server.logged()).toBe('');
});

test('errors do not repeat an invalid id of a megabyte for each alias', async () => {
  await using given = await attacked();
  const { server, otherKey } = given;
  const id = 'x'.repeat(MIB);
  const watch = await underWatch(server, otherKey, async () => [
    await send(server, `query ($id: ID!) { ${repeatField(700, () => 'task(id: $id) { id }')} }`, { id }),
    await send(server, `query ($id: ID!) { ${repeatField(700, () => 'node(id: $id) { id }')} }`, { id }),
    await send(server, `query ($id: String!) { ${repeatField(300, () => 'tasks(after: $id) { nodes { id } }')} }`, {
      id,
    }),
    await send(server, `{ ${repeatField(700, () => 'task(id: 1.5) { id }')} }`),
    // To locate an error, the server scans the text before it.
    await send(server, `#${id}\n{ ${repeatField(900, (index) => `task(id: "Task:9${index}") { id }`)} }`),
  ]);
  expectResponsive(watch);
  for (const answer of watch.result) {
    expect(codes(answer)).not.toContain('INTERNAL_SERVER_ERROR');
    expect(answer.bytes).toBeLessThan(300_000);
  }
});

test('aliases for one blob cannot create more than MAX_FILES files in a request', async () => {
  await using given = await attacked({ MAX_FILES: '20' });
  const { server, otherKey } = given;
  const blob = Buffer.alloc(2 * MIB, 'b').toString('base64');
  const mutation = `mutation ($b: Base64!) { ${repeatField(300, (index) => `createTaskFile(input: { taskId: "Task:1", filename: "${index}.txt", blob: $b }) { file { id } }`)} }`;
  const before = await filesOn(server);
  const watch = await underWatch(server, otherKey, () => send(server, mutation, { b: blob }));
  expectResponsive(watch);
  expect(codes(watch.result)).toEqual(['PAYLOAD_TOO_LARGE']);
  expect((await filesOn(server)) - before).toBeLessThanOrEqual(20);
});

async function filesOn(server: ServerProcess): Promise<number> {
  const { data } = await send(server, '{ task(id: "Task:1") { files(first: 1) { totalCount } } }');
  return (data as { task: { files: { totalCount: number } } }).task.files.totalCount;
}
