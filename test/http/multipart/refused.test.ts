import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { isInstalled } from '../../support/programs.ts';
import { closing, fileHeaders, head, openPart, preface, RawClient, uploadToTask } from '../../support/raw-http.ts';
import { ADMIN_KEY, startTestServer, type TestServer } from '../../support/server.ts';
import { expectStored, watchFolders } from './aftermath.ts';

const SIZE = 50 * 1024 * 1024;

interface Attempt {
  query: string;
  taskId: string;
  key: string | null;
}

interface Outcome {
  status: number;
  body: { data?: unknown; errors?: { extensions?: { code?: string } }[] };
}

const good = { query: uploadToTask, taskId: 'Task:1', key: ADMIN_KEY };
const attempts: Record<string, { attempt: Attempt; code: string | undefined; status: number }> = {
  'fails validation': {
    attempt: { ...good, query: uploadToTask.replace('uploadTaskFiles', 'upload') },
    code: 'GRAPHQL_VALIDATION_FAILED',
    status: 200,
  },
  'is not GraphQL': { attempt: { ...good, query: 'mutation {' }, code: 'GRAPHQL_PARSE_FAILED', status: 200 },
  'names an unknown task': { attempt: { ...good, taskId: 'Task:99' }, code: 'NOT_FOUND', status: 200 },
  'names something that is no task': { attempt: { ...good, taskId: 'nonsense' }, code: 'BAD_USER_INPUT', status: 200 },
  'has no key': { attempt: { ...good, key: null }, code: 'UNAUTHENTICATED', status: 401 },
  'has an unknown key': { attempt: { ...good, key: 'unknown-key' }, code: 'UNAUTHENTICATED', status: 401 },
  'asks for no file': {
    attempt: { ...good, query: uploadToTask.replace('files: $files })', 'files: $files }) @skip(if: true)') },
    code: undefined,
    status: 200,
  },
};

const authorization = (key: string | null): Record<string, string> => (key ? { authorization: `Bearer ${key}` } : {});
const operationsOf = ({ query, taskId }: Attempt) => JSON.stringify({ query, variables: { taskId, files: [null] } });
const map = '{ "0": ["variables.files.0"] }';

const clients: Record<string, (server: TestServer, attempt: Attempt) => Promise<Outcome>> = {
  async fetch(server, attempt) {
    const form = new FormData();
    form.set('operations', operationsOf(attempt));
    form.set('map', map);
    form.set('0', new Blob([new Uint8Array(SIZE)]), 'big.bin');
    const response = await fetch(server.graphqlUrl, {
      method: 'POST',
      headers: authorization(attempt.key),
      body: form,
    });
    return { status: response.status, body: (await response.json()) as Outcome['body'] };
  },

  async 'a client that writes everything before it reads'(server, attempt) {
    const body = [preface(1, attempt), openPart(fileHeaders('0', 'big.bin')), Buffer.alloc(SIZE), '\r\n', closing()];
    const length = body.reduce((sum, bytes) => sum + bytes.length, 0);
    using client = await RawClient.open(server, { reading: false });
    await client.send(head(server, { length, key: attempt.key }));
    for (const bytes of body) await client.send(bytes);
    const answer = await client.answer();
    expect(await client.ended()).toBe('ended');
    return answer;
  },

  curl: (server, attempt) => curl(server, attempt, []),
  'curl that does not ask first': (server, attempt) => curl(server, attempt, ['-H', 'Expect:']),
  'curl that sends chunks': (server, attempt) => curl(server, attempt, ['-H', 'Transfer-Encoding: chunked']),
};

async function curl(server: TestServer, attempt: Attempt, options: string[]): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'attache-curl-'));
  try {
    const path = join(folder, 'big.bin');
    await using big = await open(path, 'w');
    await big.truncate(SIZE);
    const args = ['-sS', '--max-time', '50', '-w', '\n%{http_code}', ...options];
    for (const [name, value] of Object.entries(authorization(attempt.key))) args.push('-H', `${name}: ${value}`);
    args.push(
      '--form-string',
      `operations=${operationsOf(attempt)}`,
      '--form-string',
      `map=${map}`,
      '-F',
      `0=@${path}`,
    );
    // execFile rejects with the message of curl when curl cannot read the response.
    const { stdout } = await promisify(execFile)('curl', [...args, server.graphqlUrl]);
    const end = stdout.lastIndexOf('\n');
    return { status: Number(stdout.slice(end + 1)), body: JSON.parse(stdout.slice(0, end)) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe.for(Object.entries(clients))('%s', ([name, send]) => {
  test.runIf(!name.startsWith('curl') || isInstalled('curl')).for(Object.entries(attempts))(
    'reads the complete response to a large upload that %s, of which nothing is written',
    async ([, { attempt, code, status }]) => {
      await using server = await startTestServer();
      using folders = watchFolders(server);
      const outcome = await send(server, attempt);
      expect(outcome.body.errors?.[0]?.extensions?.code).toBe(code);
      expect(outcome.status).toBe(status);
      expect(await folders.seen()).toEqual([]);
      await expectStored(server, []);
    },
  );
});
