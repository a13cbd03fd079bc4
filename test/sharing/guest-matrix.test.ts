import { readFile } from 'node:fs/promises';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { expect, test } from 'vitest';
import { begin, metadata, tus } from '../http/tus/client.ts';
import { basic } from '../legacy/kanboard.ts';
import { ask, execute } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { openProtocolSocket } from '../support/protocol-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { createUploadToken } from './guests.ts';
import { createShareLink } from './share-guests.ts';

/** Everything that a guest might try, generated from the schema and from the list of transports. */

const schema = buildSchema(await readFile('schema.graphql', 'utf8'));
const kinds = ['query', 'mutation', 'subscription'] as const;

const allowed: Record<string, string[]> = {
  upload: ['uploadWithToken', 'createUploadUrlWithToken', 'completeUploadWithToken'],
  share: ['share'],
};

/** A value that passes the validation of the schema, in GraphQL. */
function exampleOf(type: GraphQLInputType): string {
  if (isNonNullType(type)) return exampleOf(type.ofType);
  if (isListType(type)) return '[]';
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(isRequiredInputField);
    return `{ ${required.map((field) => `${field.name}: ${exampleOf(field.type)}`).join(', ')} }`;
  }
  return (
    { Base64: '""', Int: '1', Float: '1', Boolean: 'true', ByteSize: '1', DateTime: '"2030-01-01T00:00:00Z"' }[
      type.name
    ] ?? '"Task:1"'
  );
}

function selectionOf(field: GraphQLField<unknown, unknown>): string {
  const required = field.args.filter(isRequiredArgument).map((arg) => `${arg.name}: ${exampleOf(arg.type)}`);
  const args = required.length > 0 ? `(${required.join(', ')})` : '';
  return `${field.name}${args}${isCompositeType(getNamedType(field.type)) ? ' { __typename }' : ''}`;
}

const rootFields = kinds.flatMap((kind) => {
  const type = schema.getRootType(kind as never);
  return Object.values(type?.getFields() ?? {}).map((field) => ({
    kind,
    root: type?.name ?? '',
    name: field.name,
    selection: selectionOf(field),
  }));
});

const introspection = ['__schema { queryType { name } }', '__type(name: "User") { name }'].map((selection) => ({
  kind: 'query' as const,
  root: 'Query',
  name: selection.split(/\W/, 1)[0] ?? '',
  selection,
}));

/**
 * The ways to write a root field, some of which hide it from a check that looks at the first level.
 */
const forms: Record<string, (field: (typeof rootFields)[number]) => string> = {
  plain: ({ kind, selection }) => `${kind} { ${selection} }`,
  'under an alias': ({ kind, selection }) => `${kind} { share: ${selection} }`,
  'in an inline fragment': ({ kind, selection, root }) => `${kind} { ... on ${root} { ... { ${selection} } } }`,
  'in fragments': ({ kind, selection, root }) =>
    `fragment B on ${root} { ${selection} } fragment A on ${root} { ...B } ${kind} { ...A }`,
};

async function guests(server: TestServer): Promise<Record<string, string>> {
  return { upload: (await createUploadToken(server)).token, share: (await createShareLink(server)).token };
}

const codesOf = async (server: TestServer, query: string, token: string, more = {}) => {
  const { data, errors = [] } = await execute(server, query, {}, token);
  return { data: data ?? null, codes: errors.map(({ extensions }) => extensions?.code), ...more };
};

test('guests run the root fields that were made for them, and no others, however they are written', async () => {
  await using server = await startTestServer();
  expect(rootFields.length).toBeGreaterThan(60);
  for (const [kind, token] of Object.entries(await guests(server))) {
    for (const [index, field] of [...introspection, ...rootFields].entries()) {
      for (const [form, write] of Object.entries(forms)) {
        // The check knows names alone, so a sample of the fields is tried in every form.
        if (form !== 'plain' && index % 8 > 0) continue;
        const about = { kind, field: field.name, form };
        const found = await codesOf(server, write(field), token, about);
        if (allowed[kind]?.includes(field.name)) expect(found).not.toMatchObject({ codes: ['FORBIDDEN'] });
        else expect(found).toEqual({ data: null, codes: ['FORBIDDEN'], ...about });
      }
    }
  }
});

test('a refused root field beside a permitted one refuses the whole operation', async () => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:1', 'a.txt');
  const { share } = await guests(server);
  const token = String(share);
  const permitted = 'share { files { nodes { name } } }';
  for (const query of [
    `{ ${permitted} viewer { id } }`,
    `{ ${permitted} viewer @skip(if: true) { id } }`,
    `query A { ${permitted} } query B { viewer { id } }`,
  ]) {
    const response = await fetch(server.graphqlUrl, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, operationName: query.startsWith('query A') ? 'B' : undefined }),
    });
    expect([query, await response.json()]).toEqual([
      query,
      { errors: [expect.objectContaining({ extensions: { code: 'FORBIDDEN' } })] },
    ]);
  }
  expect(await codesOf(server, `{ __typename ${permitted} }`, token)).toMatchObject({ codes: [] });
});

test('no type that a guest reaches refers to a type of users', () => {
  const reached = new Set<string>();
  const reach = (name: string) => {
    const type = schema.getType(name);
    if (!isObjectType(type) || reached.has(name)) return;
    reached.add(name);
    for (const field of Object.values(type.getFields())) reach(getNamedType(field.type).name);
  };
  for (const { root, name } of rootFields) {
    if (!Object.values(allowed).flat().includes(name)) continue;
    const type = schema.getType(root);
    const field = isObjectType(type) ? type.getFields()[name] : undefined;
    if (field) reach(getNamedType(field.type).name);
  }
  expect([...reached].sort()).toEqual([
    'CompleteUploadWithTokenPayload',
    'CreateUploadUrlWithTokenPayload',
    'FileError',
    'GuestFile',
    'HttpHeader',
    'PageInfo',
    'Share',
    'SharedFile',
    'SharedFileList',
    'UploadWithTokenPayload',
  ]);
});

/** Every other transport, with the token where it expects a key. Each returns its status. */
const transports: Record<string, (server: TestServer, token: string, file: number) => Promise<unknown>> = {
  download: (server, token, file) => get(server, token, `/files/${file}/content`),
  'download of a link': (server, token, file) => get(server, '', `/files/${file}/content?token=${token}`),
  'download of a share without its signature': (server, token, file) =>
    get(server, token, `/shares/1/files/${file}?token=${token}`),
  thumbnail: (server, token, file) => get(server, token, `/files/${file}/thumbnail`),
  ZIP: (server, token) => get(server, token, '/files/zip?on=Task:1'),
  Kanboard: async (server, token) => {
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'getAllTaskFiles', params: [1], id: 1 });
    const headers = { authorization: basic('jsonrpc', token), 'content-type': 'application/json' };
    return (await fetch(`${server.url}/jsonrpc.php`, { method: 'POST', headers, body })).status;
  },
  ONLYOFFICE: (server, token) => get(server, token, '/api/2.0/project/task/1/files'),
  COR: (server, token) => get(server, token, '/v1/tasks/1/attachments'),
  Worksection: async (server, token) => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${server.url}/api/admin/v2/?action=get_files&id_task=1`, { headers });
    return (await response.json()).status === 'error' ? 401 : response.status;
  },
  'Worksection download': async (server, token, file) => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${server.url}/download/${file}`, { headers });
    return response.headers.get('content-type') === 'application/x-download' ? 200 : 401;
  },
};

async function get(server: TestServer, token: string, path: string): Promise<number> {
  const response = await fetch(server.url + path, token ? { headers: { authorization: `Bearer ${token}` } } : {});
  const text = await response.text();
  if (text.includes('a.txt')) throw new Error(`${path} answered ${text}`);
  return response.status;
}

test.for(['upload', 'share'])('every other transport refuses the token of a guest: %s', async (kind) => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'a.txt');
  const token = String((await guests(server))[kind]);
  for (const [name, use] of Object.entries(transports)) {
    const accepted = await use(server, server.key, file.databaseId).catch(() => 200);
    expect([name, await use(server, token, file.databaseId)]).toEqual([name, expect.toBeOneOf([401, 404])]);
    // The same request is answered for a key, or is one that no key is for.
    expect([name, accepted]).toEqual([name, name.includes('link') || name.includes('share') ? 401 : 200]);
  }
});

test('neither token opens a WebSocket', async () => {
  await using server = await startTestServer();
  for (const token of Object.values(await guests(server))) {
    await using socket = await openProtocolSocket(server, token);
    expect(await socket.closed).toBe(4401);
    expect(socket.received).toEqual([]);
  }
});

test('neither token subscribes by server-sent events, nor queries by GET', async () => {
  await using server = await startTestServer();
  for (const token of Object.values(await guests(server))) {
    for (const [query, accept] of [
      ['subscription { fileAdded(on: "Project:1") { cursor } }', 'text/event-stream'],
      ['{ viewer { id } }', 'application/json'],
    ] as const) {
      const response = await fetch(`${server.graphqlUrl}?query=${encodeURIComponent(query)}`, {
        headers: { authorization: `Bearer ${token}`, accept },
      });
      expect(await response.text()).toContain('FORBIDDEN');
    }
  }
});

test('a share link uploads nothing, and an upload token shares nothing', async () => {
  await using server = await startTestServer();
  const { upload, share } = await guests(server);
  const at = { url: server.url, key: String(share) };
  const pairs = metadata({ filename: 'a.txt', on: 'Task:1' });
  expect((await tus(at, 'POST', '/uploads', { 'upload-length': '1', 'upload-metadata': pairs })).status).toBe(401);
  const path = await begin({ url: server.url, key: String(upload) }, 3);
  for (const method of ['HEAD', 'GET', 'DELETE']) expect((await tus(at, method, path)).status).toBe(401);
  expect(await codesOf(server, '{ share { name } }', String(upload))).toMatchObject({ codes: ['FORBIDDEN'] });
  await expect(ask(server, '{ share { name } }')).rejects.toThrow('FORBIDDEN');
});
