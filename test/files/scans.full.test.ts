import { afterAll, beforeAll, expect, test } from 'vitest';
import { execute } from '../support/client.ts';
import { kind, runSql } from '../support/database.ts';
import { fillStore } from '../support/fill-store.ts';
import { newPerson, type Person } from '../support/people.ts';
import { startProcess } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/**
 * Searches that take long, beside what must not wait for them. The order of the responses decides,
 * not a clock.
 */

/** A search through them takes a second or more. PostgreSQL compares faster. */
const FILES = kind === 'sqlite' ? 6000 : 25_000;

let server: TestServer;
let administrators: Person[];
let member: Person;

beforeAll(async () => {
  server = await startTestServer();
  await fillStore(server.dataDir, FILES);
  // The search below compares each place of each name with half of it.
  const long = kind === 'sqlite' ? `replace(hex(zeroblob(250)), '0', 'a')` : `repeat('a', 500)`;
  await runSql(server.dataDir, `update files set name_key = ${long}`);
  administrators = [];
  for (const name of ['Ada', 'Bo'])
    administrators.push(await newPerson(server, name, { isAdmin: true, scope: 'ADMIN' }));
  member = await newPerson(server, 'Cy', { role: 'EDITOR' });
});
afterAll(() => server[Symbol.asyncDispose]());

const search = async (who: Person | undefined) => {
  const nameContains = `${'a'.repeat(250)}b`;
  const query = `query ($nameContains: String!) { files(filter: { nameContains: $nameContains }) { nodes { id } } }`;
  const { data } = await execute<{ files: { nodes: unknown[] } }>(server, query, { nameContains }, who?.key);
  expect(data?.files.nodes).toEqual([]);
};

const readPage = async () => {
  const query =
    '{ files(first: 20) { nodes { id } } task(id: "Task:1") { files(first: 20) { totalCount nodes { id } } } }';
  const { data } = await execute<{ files: { nodes: unknown[] } }>(server, query, {}, member.key);
  expect(data?.files.nodes).toHaveLength(20);
};

const readHealth = async () => expect((await fetch(`${server.url}/health/live`)).status).toBe(200);

test('pages and the health of the server are answered while a search runs', async () => {
  await readPage(); // prepares its statements
  const order: string[] = [];
  const searching = search(administrators[0]).then(() => order.push('search'));
  for (let round = 0; round < 3; round += 1) {
    await readHealth();
    await readPage();
  }
  order.push('pages');
  await searching;
  expect(order).toEqual(['pages', 'search']);
});

test('the built server searches as well', async () => {
  await using folder = await temporaryFolder('built');
  await using built = await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: 'of-the-built-server' });
  const { data } = await execute(built, '{ files(filter: { nameContains: "nowhere" }) { totalCount } }');
  expect(data).toEqual({ files: { totalCount: 0 } });
});

test('a search waits for one of another user, and not for all of them', async () => {
  const order: string[] = [];
  const others = Array.from({ length: 3 }, () => search(administrators[0]).then(() => order.push('Ada')));
  await search(administrators[1]).then(() => order.push('Bo'));
  await Promise.all(others);
  expect(order.indexOf('Bo')).toBeLessThan(3);
});

test('a search whose client has disconnected is not started', async () => {
  const body = JSON.stringify({ query: '{ files(first: 1, filter: { nameContains: "x" }) { totalCount } }' });
  const headers = { authorization: `Bearer ${administrators[0]?.key}`, 'content-type': 'application/json' };
  const sent = await statementsOf(async () => {
    const running = search(administrators[0]);
    const signal = AbortSignal.timeout(100);
    const abandoned = Array.from({ length: 5 }, () =>
      fetch(server.graphqlUrl, { method: 'POST', headers, body, signal }).catch(() => 'aborted'),
    );
    expect(new Set(await Promise.all(abandoned))).toEqual(new Set(['aborted']));
    await running;
    await search(administrators[0]);
  });
  const searches = sent.filter((sql) => sql.includes(' like '));
  expect(searches).toHaveLength(2);
});
