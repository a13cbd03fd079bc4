import { expect, test } from 'vitest';
import { query } from '../../scripts/support/postgres.ts';
import { ask } from '../support/client.ts';
import { createPostgresDatabase } from '../support/database.ts';
import { cursorOf, readEvents, subscribeToEvents } from '../support/events.ts';
import { uploadFile, uploadFiles } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { stream } from '../support/sse-client.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { sessionToken } from '../support/upload-session.ts';

/** Two servers on one database and one folder. */
async function twoServers(env: Record<string, string> = {}) {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await createPostgresDatabase());
  const folder = stack.use(await temporaryFolder('two'));
  const both = { DATA_DIR: folder.path, DATABASE_URL: url, ...env };
  const one = stack.use(await startTestServer(both));
  const other = stack.use(await startTestServer(both));
  const moved = stack.move();
  return { one, other, url, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

test('subscribers at two servers receive the events of both in one order without a gap', async () => {
  await using servers = await twoServers();
  const { one, other } = servers;
  const after = await cursorOf(one, 'Task:1');
  await using atOne = await subscribeToEvents(one, 'Task:1', { after });
  await using atOther = await subscribeToEvents(other, 'Task:1', { after });
  await Promise.all(
    [one, other, one, other].map(async (server, writer) => {
      for (let round = 0; round < 15; round++)
        await uploadFiles(server, 'Task:1', [`${writer} ${round} a`, `${writer} ${round} b`]);
    }),
  );
  const all = (await readEvents(one, 'Task:1', { after })).map((event) => event.cursor);
  expect(new Set(all).size).toBe(120);
  expect((await atOne.take(120)).map((event) => event.cursor)).toEqual(all);
  expect((await atOther.take(120)).map((event) => event.cursor)).toEqual(all);
  expect((await readEvents(other, 'Task:1', { after })).map((event) => event.cursor)).toEqual(all);
});

test('a member removed at one server receives no further event from the other', async () => {
  await using servers = await twoServers();
  const { one, other } = servers;
  for (let round = 0; round < 10; round++) {
    const bob = await newPerson(one, `Bob ${round}`, { role: 'VIEWER' });
    await using socket = await subscribeToEvents(other, 'Task:1', { key: bob.key });
    await using sse = await stream(other, 'Task:1', { key: bob.key });
    await uploadFile(one, 'Task:1', 'received');
    expect([(await socket.next()).file.name, (await sse.nextEvent()).file.name]).toEqual(['received', 'received']);
    await ask(
      one,
      `mutation { removeProjectMember(input: { projectId: "Project:1", userId: "${bob.id}" }) { removedUserId } }`,
    );
    await uploadFile(one, 'Task:1', 'secret');
    await expect(socket.next()).rejects.toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    await expect(sse.nextEvent()).rejects.toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  }
});

test('revoking a key at one server closes its sockets at the other with 4401', async () => {
  await using servers = await twoServers();
  const { one, other } = servers;
  const bob = await newPerson(one, 'Bob', { role: 'VIEWER' });
  const closed = Promise.withResolvers<number>();
  const client = { on: { closed: (event: unknown) => closed.resolve((event as { code: number }).code) } };
  await using socket = await subscribeToEvents(other, 'Task:1', { key: bob.key, client });
  await uploadFile(one, 'Task:1', 'received');
  expect((await socket.next()).file.name).toBe('received');
  await ask(one, `mutation { revokeApiKey(input: { apiKeyId: "${bob.keyId}" }) { apiKey { id } } }`);
  expect(await closed.promise).toBe(4401);
});

test('two servers that finish idle upload sessions emit the events of each session once', async () => {
  await using servers = await twoServers({ SESSION_IDLE_SECONDS: '1' });
  const { one, other } = servers;
  const after = await cursorOf(one, 'Task:1');
  const tokens = Array.from({ length: 10 }, (_, index) => `${sessionToken} ${index}`);
  await Promise.all(tokens.map((token) => uploadFile(one, 'Task:1', token, { sessionToken: token })));
  await using events = await subscribeToEvents(other, 'Task:1', { after });
  const received = await events.take(10);
  expect(received.map((event) => event.session).toSorted()).toEqual(tokens.toSorted());
  await uploadFile(one, 'Task:1', 'last');
  expect((await events.next()).file.name).toBe('last');
});

test('events are delivered after all connections to PostgreSQL were terminated, LISTEN included', async () => {
  await using servers = await twoServers();
  const { one, other, url } = servers;
  await using events = await subscribeToEvents(other, 'Task:1');
  // Subscribing over a broken connection fails. This event shows that the subscription is open.
  await uploadFile(one, 'Task:1', 'before');
  expect((await events.next()).file.name).toBe('before');
  const admin = Object.assign(new URL(url), { pathname: 'postgres' }).href;
  const name = new URL(url).pathname.slice(1);
  for (const round of ['a', 'b', 'c']) {
    await query(admin, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    // An upload over a broken connection may fail. One that succeeds emits its event.
    await expect
      .poll(
        () =>
          uploadFile(one, 'Task:1', round).then(
            (file) => file.name,
            () => undefined,
          ),
        { timeout: 50_000 },
      )
      .toBe(round);
    const event = await events.next();
    expect(event.file.name).toBe(round);
  }
});
