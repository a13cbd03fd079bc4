import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import { base64, post } from '../legacy/kanboard.ts';
import { repeatField } from '../support/repeat-field.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';

interface Result {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions: { code: string } }[];
}

async function ask(
  server: TestServer,
  query: string,
  variables: object = {},
  accept = 'application/json',
): Promise<Result> {
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json', accept },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  return JSON.parse(accept.includes('json') ? text : (/^data: (.*)$/m.exec(text)?.[1] ?? '{}')) as Result;
}

/** The first result of an operation over WebSocket. */
async function queryOverWebSocket(server: TestServer, query: string): Promise<Result> {
  const client = createClient({
    url: server.wsUrl,
    connectionParams: { authorization: `Bearer ${server.key}` },
    retryAttempts: 0,
  });
  try {
    return await new Promise<Result>((resolve) => {
      client.subscribe(
        { query },
        {
          next: (result) => resolve(result as Result),
          error: (errors) => resolve({ errors: errors as never }),
          complete: () => {},
        },
      );
    });
  } finally {
    await client.dispose();
  }
}

const tooLarge = {
  data: null,
  errors: [{ message: expect.stringContaining('Ask for fewer fields'), extensions: { code: 'PAYLOAD_TOO_LARGE' } }],
};
const tooMuch = { errors: [{ message: expect.stringContaining('too much'), extensions: { code: 'BAD_USER_INPUT' } }] };

async function uploadOfSize(server: TestServer, bytes: number): Promise<string> {
  const query =
    'mutation ($b: Base64!) { createTaskFile(input: { taskId: "Task:1", filename: "f", blob: $b }) { file { id } } }';
  const { data } = await ask(server, query, { b: base64('x'.repeat(bytes)) });
  return (data as { createTaskFile: { file: { id: string } } }).createTaskFile.file.id;
}

describe('a response above the maximum size is one PAYLOAD_TOO_LARGE error', () => {
  test('over HTTP, server-sent events and WebSocket', async () => {
    await using server = await startTestServer({ MAX_ANSWER_SIZE: '256 KiB' });
    const id = await uploadOfSize(server, 100_000);
    const query = `{ file(id: "${id}") { ${repeatField(3, () => 'content')} } }`;
    expect(await ask(server, query)).toEqual(tooLarge);
    expect(await ask(server, query, {}, 'text/event-stream')).toEqual(tooLarge);
    expect(await queryOverWebSocket(server, query)).toMatchObject(tooLarge);
    // The limit applies to one response: the same content fits in each of several requests.
    for (let count = 0; count < 5; count++)
      expect((await queryOverWebSocket(server, `{ file(id: "${id}") { content } }`)).errors).toBeUndefined();
  });

  test('with the contents of different files', async () => {
    await using server = await startTestServer({ MAX_ANSWER_SIZE: '256 KiB' });
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.push(await uploadOfSize(server, 100_000));
    const query = `{ ${repeatField(3, (index) => `file(id: "${ids[index]}") { content }`)} }`;
    expect(await ask(server, query)).toEqual(tooLarge);
  });

  test('of a mutation, whose message says that the change was made', async () => {
    await using server = await startTestServer({ MAX_ANSWER_SIZE: '256 KiB' });
    const query = `mutation ($d: String!) { createTask(input: { projectId: "Project:1", title: "Kept", description: $d }) {
      task { ${repeatField(4, () => 'description')} } } }`;
    const { errors } = await ask(server, query, { d: 'x'.repeat(90_000) });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.message).toContain('What was to be changed was changed.');
    expect(JSON.stringify(await ask(server, '{ tasks { nodes { title } } }'))).toContain('Kept');
  });

  test('of a subscription event', async () => {
    await using server = await startTestServer();
    const query = 'subscription { fileAdded(on: "Task:1") { file { content } } }';
    const result = queryOverWebSocket(server, query);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await uploadOfSize(server, 1_500_000);
    expect(await result).toMatchObject(tooLarge);
  });

  test('of a Kanboard batch, where requests that exceed the limit fail and earlier ones succeed', async () => {
    await using server = await startTestServer({ MAX_ANSWER_SIZE: '256 KiB' });
    const id = Number((await uploadOfSize(server, 100_000)).split(':')[1]);
    const batch = Array.from({ length: 5 }, (_, index) => ({
      jsonrpc: '2.0',
      id: index,
      method: 'downloadTaskFile',
      params: [id],
    }));
    const answers = (await (await post(server, JSON.stringify(batch))).json()) as { result?: string; error?: object }[];
    expect(answers.map(({ result }) => result?.length ?? 0)).toEqual(
      [133_336, 0, 0, 0, 0].map((n, i) => (i < 1 ? n : 0)),
    );
    expect(answers.at(-1)?.error).toMatchObject({ code: -32000 });
  });
});

describe('fields with the same arguments are computed once', () => {
  test.each([
    ['counts', '{ task(id: "Task:1") { %s } }', 'files(first: 5) { totalCount nodes { name } }'],
    ['lists of lists', '{ project(id: "Project:1") { %s } }', 'tasks { nodes { files { totalCount } } }'],
    [
      'root fields',
      '{ %s }',
      'files(filter: { nameContains: "a" }) { totalCount nodes { versions { id } attachedTo { id } } }',
    ],
    ['nodes', '{ %s }', 'nodes(ids: ["Task:1", "Project:1"]) { id }'],
    ['a field of an entity', '{ entity(id: "Contact:1") { %s } }', 'history { totalCount }'],
  ])('for %s', async (_what, query, field) => {
    await using server = await startTestServer();
    const once = await statementsOf(() => ask(server, query.replace('%s', `a0: ${field} b: ${field}`)));
    const often = await statementsOf(async () => {
      const { data, errors } = await ask(
        server,
        query.replace(
          '%s',
          repeatField(40, () => field),
        ),
      );
      expect(errors).toBeUndefined();
      const parent = (Object.values(data ?? {}).length === 40 ? data : Object.values(data ?? {})[0]) as object;
      expect(new Set(Object.values(parent).map((value) => JSON.stringify(value))).size).toBe(1);
    });
    expect(once.length).toBeGreaterThan(0);
    expect(often.length).toBe(once.length);
  });

  test('fields with different arguments and mutations are computed separately', async () => {
    await using server = await startTestServer();
    for (let count = 0; count < 2; count++) await uploadOfSize(server, 10);
    const { data } = await ask(
      server,
      '{ task(id: "Task:1") { a: files(first: 1) { nodes { name } } b: files(first: 2) { nodes { name } } c: files { eventCursor } } }',
    );
    const { a, b, c } = (data as { task: Record<string, { nodes: object[]; eventCursor: string }> }).task;
    expect(a?.nodes.length).not.toBe(b?.nodes.length);
    expect(c?.eventCursor).toEqual(expect.any(String));
    const rename = (name: string) =>
      `updateTask(input: { taskId: "Task:1", title: "${name}" }) { task { title t: title } }`;
    const changed = await ask(server, `mutation { a: ${rename('one')} b: ${rename('two')} }`);
    expect(changed.data).toMatchObject({ a: { task: { title: 'one' } }, b: { task: { title: 'two', t: 'two' } } });
  });

  test('an alias can select eventCursor although the first alias of the field does not', async () => {
    await using server = await startTestServer();
    const { data } = await ask(server, '{ task(id: "Task:1") { a: files { totalCount } b: files { eventCursor } } }');
    expect(data).toMatchObject({ task: { b: { eventCursor: expect.any(String) } } });
  });
});

describe('query cost', () => {
  test('`nodes` costs as much as the number of its ids', async () => {
    await using server = await startTestServer({ MAX_QUERY_COST: '1000' });
    const ids = (count: number) => Array.from({ length: count }, () => '"Task:1"').join();
    expect((await ask(server, `{ nodes(ids: [${ids(50)}]) { id } }`)).errors).toBeUndefined();
    expect(await ask(server, `{ nodes(ids: [${ids(100)}]) { id } }`)).toMatchObject(tooMuch);
  });

  test('each totalCount with different arguments adds the cost of a scan', async () => {
    await using server = await startTestServer({ MAX_QUERY_COST: '1000' });
    const counts = (count: number) =>
      ask(
        server,
        `{ task(id: "Task:1") { ${repeatField(count, (index) => `files(first: ${index + 1}) { totalCount }`)} } }`,
      );
    expect((await counts(8)).errors).toBeUndefined();
    expect(await counts(12)).toMatchObject(tooMuch);
  });

  test('a subscription may cost a tenth of a query, and is rejected when it starts', async () => {
    await using server = await startTestServer({ MAX_QUERY_COST: '1000' });
    const heavy = (count: number) => `{ file { ${repeatField(count, () => 'name')} } }`;
    const subscription = `subscription { fileAdded(on: "Task:1") ${heavy(120)} }`;
    expect(await queryOverWebSocket(server, subscription)).toMatchObject(tooMuch);
    expect(await ask(server, subscription, {}, 'text/event-stream')).toMatchObject(tooMuch);
    expect(
      (await ask(server, `{ fileEvents(on: "Task:1", first: 1) { nodes ${heavy(120)} } }`)).errors,
    ).toBeUndefined();
  });

  test('MAX_QUERY_ALIASES also counts aliases in fragments', async () => {
    await using server = await startTestServer({ MAX_QUERY_ALIASES: '20' });
    expect((await ask(server, `{ task(id: "Task:1") { ${repeatField(20, () => 'title')} } }`)).errors).toBeUndefined();
    expect(await ask(server, `{ task(id: "Task:1") { ${repeatField(21, () => 'title')} } }`)).toMatchObject(tooMuch);
    const fragments = `{ x: task(id: "Task:1") { ...F } y: task(id: "Task:1") { ...F } } fragment F on Task { ${repeatField(10, () => 'title')} }`;
    expect(await ask(server, fragments)).toMatchObject(tooMuch);
  });

  test.each([
    ['MAX_QUERY_DIRECTIVES', '@include(if: true) ', ''],
    ['MAX_QUERY_FRAGMENTS', '', '... on Task '],
  ])('%s also counts those in fragments', async (setting, directive, fragment) => {
    await using server = await startTestServer({ [setting]: '20' });
    const fields = (count: number) =>
      Array.from({ length: count }, () => (fragment ? `${fragment} { title }` : `title ${directive}`)).join(' ');
    const twice = (count: number) =>
      `{ task(id: "Task:1") { ${fields(count)} } project(id: "Project:1") { tasks { nodes { ...F } } } }
       fragment F on Task { ${fields(10)} }`;
    expect((await ask(server, twice(9))).errors).toBeUndefined();
    expect(await ask(server, twice(11))).toMatchObject(tooMuch);
  });

  test('MAX_QUERY_TOKENS limits what is parsed', async () => {
    await using server = await startTestServer({ MAX_QUERY_TOKENS: '100' });
    expect((await ask(server, `{ ${'__typename '.repeat(90)} }`)).errors).toBeUndefined();
    const { errors } = await ask(server, `{ ${'__typename '.repeat(99)} }`);
    expect(errors).toMatchObject([{ message: expect.stringContaining('100 tokens') }]);
  });

  test('lists of 40,000 ids return one error that is not internal', async () => {
    await using server = await startTestServer();
    const ids = Array.from({ length: 40_000 }, (_, index) => `File:${100_000 + index}`);
    for (const mutation of [
      'detachFiles(input: { from: "Task:1", fileIds: $ids }) { __typename }',
      'attachTaskFiles(input: { taskId: "Task:1", fileIds: $ids }) { __typename }',
    ]) {
      const { errors } = await ask(server, `mutation ($ids: [ID!]!) { ${mutation} }`, { ids });
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
      expect(errors?.[0]?.message.length).toBeLessThan(1001);
    }
  });
});

test('a query with more errors than are listed ends with a hint, over HTTP and WebSocket', async () => {
  await using server = await startTestServer();
  const query = `{ ${Array.from({ length: 150 }, (_, index) => `missing${index}`).join(' ')} }`;
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { errors } = (await response.json()) as { errors: { message: string }[] };
  const expected = /^The query has too many errors .* Correct those that are listed/;
  expect(errors.at(-1)?.message).toMatch(expected);
  const client = createClient({ url: server.wsUrl, connectionParams: { authorization: `Bearer ${server.key}` } });
  const refused = (await client
    .iterate({ query })
    .next()
    .catch((errors) => errors)) as { message: string }[];
  expect(refused.at(-1)?.message).toMatch(expected);
  await client.dispose();
});
