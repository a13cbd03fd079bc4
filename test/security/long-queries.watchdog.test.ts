import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { headerRuns, longRuns } from '../support/long-runs.ts';
import { ADMIN_KEY } from '../support/server.ts';
import { type Asked, json, startWithFile, sweep } from '../support/sweep.ts';
import { expectResponsive, underWatch } from '../support/watchdog.ts';

const requestOf = (query: string): Asked => ({ path: '/graphql', init: json({ query }) });

interface Failure {
  errors: { message: string; locations?: { line: number }[] }[];
}

async function errorsOf(graphqlUrl: string, query: string): Promise<Failure['errors']> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
  const response = await fetch(graphqlUrl, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return ((await response.json()) as Failure).errors;
}

/** A query with 900 fields that fail during execution, after megabytes of ignored characters. */
const failing = (before: string) =>
  `${before}{ ${Array.from({ length: 900 }, (_, index) => `a${index}: task(id: "x") { id }`).join(' ')} }`;

test('hundreds of errors after megabytes of line breaks do not affect other users', { timeout: 120_000 }, async () => {
  await using started = await startWithFile();
  const { server } = started;
  const prefixes = [
    '\n'.repeat(4_000_000),
    '\r\n'.repeat(2_000_000),
    ' '.repeat(4_000_000),
    `#${'a'.repeat(2_000_000)}\n`,
  ];
  const watched = await underWatch(server, ADMIN_KEY, () =>
    sweep(server, { errors: prefixes.map((before) => requestOf(failing(before))) }),
  );
  expect(watched.result).toEqual([]);
  expectResponsive(watched);
});

test('errors have locations in a short query, and none in a long one', async () => {
  await using started = await startWithFile();
  const { graphqlUrl } = started.server;
  const query = '\n\n{ task(id: "x") { id } }';
  expect(await errorsOf(graphqlUrl, query)).toMatchObject([{ locations: [{ line: 3 }] }]);
  const [error] = await errorsOf(graphqlUrl, '\n'.repeat(2000) + query);
  expect(error?.message).toContain('is not an id');
  expect(error?.locations).toBeUndefined();
});

test('long queries are not cached', { timeout: 120_000 }, async () => {
  await using started = await startWithFile();
  const { server } = started;
  const watched = await underWatch(server, ADMIN_KEY, async () => {
    for (let index = 0; index < 150; index++) await ask(server, `${' '.repeat(4_000_000)}{ viewer { a${index}: id } }`);
  });
  expectResponsive(watched);
});

test('parsing any text on a WebSocket takes time linear in its length', { timeout: 120_000 }, async () => {
  await using started = await startWithFile();
  const { server } = started;
  const runs = longRuns(50_000).filter((run) => JSON.stringify(run).length < 1_000_000);
  const query = (after: string) => ({
    query: 'subscription ($after: String) { fileAdded(on: "Task:1", after: $after) { cursor } }',
    variables: { after },
  });
  const exchangeMessages = (...messages: object[]) =>
    new Promise<void>((resolve, reject) => {
      const socket = new WebSocket(server.graphqlUrl.replace('http', 'ws'), 'graphql-transport-ws');
      socket.onerror = () => reject(new Error('The socket broke.'));
      socket.onclose = () => resolve();
      socket.onopen = () => socket.send(JSON.stringify(messages[0]));
      socket.onmessage = ({ data }) => {
        const { type } = JSON.parse(String(data)) as { type: string };
        if (type === 'connection_ack') for (const message of messages.slice(1)) socket.send(JSON.stringify(message));
        else socket.close();
      };
    });
  const init = (authorization: string) => ({ type: 'connection_init', payload: { authorization } });
  const subscribe = (payload: object) => ({ type: 'subscribe', id: '1', payload });
  const watched = await underWatch(server, ADMIN_KEY, async () => {
    for (const run of headerRuns(15_000)) await exchangeMessages(init(run));
    for (const run of runs) await exchangeMessages(init(`Bearer ${ADMIN_KEY}`), subscribe(query(run)));
    for (const run of runs)
      await exchangeMessages(init(`Bearer ${ADMIN_KEY}`), subscribe({ query: `${run}{ viewer { id } }` }));
  });
  expectResponsive(watched);
});
