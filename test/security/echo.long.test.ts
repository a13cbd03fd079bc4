import {
  type GraphQLArgument,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { base64, basic } from '../legacy/kanboard.ts';
import { isFull } from '../support/length.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Longer than the maximum of every text. */
const JUNK = 'x1'.repeat(500_000);
/** Responses to that text must be shorter than this. */
const SMALL = 20_000;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ MAX_QUERY_SIZE: '8 MiB' });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** A valid value of a type, with the text in the field that `path` leads to. */
function valueIn(type: GraphQLInputType, path: readonly string[] | undefined, text: string): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [valueIn(nullable.ofType, path, text)];
  if (isInputObjectType(nullable)) {
    const fields = Object.values(nullable.getFields()).filter(
      (field) => field.name === path?.[0] || (isNonNullType(field.type) && field.defaultValue === undefined),
    );
    return Object.fromEntries(
      fields.map((field) => [
        field.name,
        valueIn(field.type, field.name === path?.[0] ? path.slice(1) : undefined, text),
      ]),
    );
  }
  if (path) return text;
  if (isEnumType(nullable)) return nullable.getValues()[0]?.name;
  const { name } = getNamedType(type);
  const plain: Record<string, unknown> = { ID: 'Task:1', String: 'text', Int: 1, Boolean: true, ByteSize: 1 };
  return { ...plain, Base64: 'YQ==', DateTime: '2026-01-01T00:00:00Z', Upload: null }[name];
}

/** The paths of a type that accept a text, whatever its format. */
function textsIn(type: GraphQLInputType, above: readonly GraphQLInputType[] = []): string[][] {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return textsIn(nullable.ofType, above);
  if (isInputObjectType(nullable)) {
    if (above.includes(nullable)) return [];
    return Object.values(nullable.getFields()).flatMap((field) =>
      textsIn(field.type, [...above, nullable]).map((path) => [field.name, ...path]),
    );
  }
  return ['Boolean', 'Int', 'Upload'].includes(getNamedType(type).name) ? [] : [[]];
}

const places = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((root) =>
  Object.values(root?.getFields() ?? {}).flatMap((field) =>
    field.args.flatMap((arg) =>
      textsIn(arg.type).map((path) => ({
        name: `${root?.name}.${field.name}(${[arg.name, ...path].join('.')})`,
        operation: (root?.name ?? '').toLowerCase(),
        field,
        arg,
        path,
      })),
    ),
  ),
);

describe('an error does not repeat a megabyte of invalid text', () => {
  test('the test covers more than 100 arguments and input fields', () => {
    expect(places.length).toBeGreaterThan(100);
  });

  // The short run tests every fifth of them.
  test.each(isFull ? places : places.filter((_, index) => index % 5 === 0))(
    '$name',
    async ({ operation, field, arg, path }) => {
      const args = field.args.filter(
        (one) => one === arg || (isNonNullType(one.type) && one.defaultValue === undefined),
      );
      const given = (one: GraphQLArgument) => valueIn(one.type, one === arg ? path : undefined, JUNK);
      const variables = Object.fromEntries(args.map((one) => [one.name, given(one)]));
      const selection = isObjectType(getNamedType(field.type)) || 'getFields' in getNamedType(field.type);
      const query = `${operation} (${args.map((one) => `$${one.name}: ${one.type}`).join(', ')}) {
      ${field.name}(${args.map((one) => `${one.name}: $${one.name}`).join(', ')}) ${selection ? '{ __typename }' : ''}
    }`;
      const response = await fetch(server.graphqlUrl, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${server.key}`,
          'content-type': 'application/json',
          ...(operation === 'subscription' ? { accept: 'text/event-stream' } : {}),
        },
        body: JSON.stringify({ query, variables }),
      });
      const text = await response.text();
      expect(text.length).toBeLessThan(SMALL);
      expect(text).not.toContain('INTERNAL_SERVER_ERROR');
    },
  );
});

describe('an error does not repeat a megabyte of invalid syntax', () => {
  const header = { 'content-type': 'application/json' };
  const ask = async (query: string, variables: object = {}) => {
    const headers = { ...header, authorization: `Bearer ${server.key}` };
    const body = JSON.stringify({ query, variables });
    return (await fetch(server.graphqlUrl, { method: 'POST', headers, body })).text();
  };
  test.each([
    ['a name', `{ ${JUNK} }`],
    [
      'a name under aliases',
      `{ ${Array.from({ length: 20 }, (_, index) => `a${index}: ${JUNK.slice(0, 50_000)}`).join(' ')} }`,
    ],
    ['an alias', `{ ${JUNK}: task(id: "x") { id } }`],
    ['an argument', `{ task(${JUNK}: 1, id: "Task:1") { id } }`],
    ['an enum', `{ entities(type: ${JUNK}) { nodes { id } } }`],
    ['a number', `{ tasks(first: ${'1'.repeat(1_000_000)}) { nodes { id } } }`],
    ['a text where a number has to be', `{ tasks(first: "${JUNK}") { nodes { id } } }`],
    ['a fragment', `{ ...${JUNK} }`],
    ['a type', `{ viewer { ... on ${JUNK} { id } } }`],
    ['a directive', `{ viewer @${JUNK} { id } }`],
    ['a variable', `query ($${JUNK}: ID!) { viewer { id } }`],
    ['what cannot be parsed', `{ task(id: "${JUNK}`],
  ])('in %s', async (_what, query) => {
    const text = await ask(query);
    expect(text).toContain('errors');
    expect(text.length).toBeLessThan(100_000);
  });

  test('in a variable of another type', async () => {
    for (const type of ['Int', 'Boolean', 'ID', 'EntityType', 'TaskFilter', 'DateTime', 'Base64'])
      for (const value of [JUNK, { [JUNK]: 1 }, [JUNK], { [JUNK]: JUNK }])
        expect((await ask(`query ($v: ${type}!) { viewer { id } }`, { v: value })).length).toBeLessThan(SMALL);
  });
});

describe('errors of other transports do not repeat long input', () => {
  const long = 'y2'.repeat(6_000);
  test.each([
    `/${long}`,
    `/files/${long}/content?token=${long}`,
    `/files/zip?on=${long}`,
    `/uploads/${long}`,
    `/v1/tasks/${long}/attachments`,
    `/api/2.0/project/task/1/files/${long}`,
    `/api/2.0/crm/contact/${'1'.repeat(5000)}/files`,
    `/api/admin/v2/?action=${long}&hash=${long}`,
  ])('in a long URL: %.30s', async (path) => {
    for (const headers of [{}, { authorization: `Bearer ${server.key}` }, { authorization: server.key }]) {
      const response = await fetch(`${server.url}${path}`, { headers });
      expect(response.status).toBeLessThan(500);
      expect((await response.text()).length).toBeLessThan(2000);
    }
  });

  test('in a method, a parameter or a parameter name of Kanboard', async () => {
    const authorization = basic('jsonrpc', server.key);
    for (const body of [
      { jsonrpc: '2.0', id: 1, method: JUNK },
      { jsonrpc: '2.0', id: 1, method: 'createTaskFile', params: [1, 1, JUNK, base64('x'), JUNK] },
      { jsonrpc: '2.0', id: 1, method: 'getTask', params: { [JUNK]: 1 } },
    ]) {
      const response = await fetch(`${server.url}/jsonrpc.php`, {
        method: 'POST',
        headers: { authorization },
        body: JSON.stringify(body),
      });
      expect((await response.text()).length).toBeLessThan(SMALL);
    }
  });

  test('in the operation id of a WebSocket, which is closed with 4400', async () => {
    const closed = Promise.withResolvers<{ code: number; reason: string }>();
    const client = createClient({
      url: server.wsUrl,
      connectionParams: { authorization: `Bearer ${server.key}` },
      retryAttempts: 0,
      lazy: false,
      on: { closed: (event) => closed.resolve(event as { code: number; reason: string }) },
      generateID: () => 'z'.repeat(100_000),
    });
    const ended = new Promise((resolve) => {
      client.subscribe({ query: '{ viewer { id } }' }, { next: resolve, error: resolve, complete: () => {} });
    });
    const { code, reason } = await closed.promise;
    expect(code).toBe(4400);
    expect(reason.length).toBeLessThan(124);
    await ended;
  });
});
