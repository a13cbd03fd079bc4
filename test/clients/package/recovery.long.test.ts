import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignInRequiredError, SubscriptionClient, type Token } from 'attache-client/subscriptions';
import { expect, test } from 'vitest';
import { cursorOf, eventSubscription, type FileEvent } from '../../support/events.ts';
import { uploadFile } from '../../support/files.ts';
import { testInFull } from '../../support/length.ts';
import { addProjectMember, newPerson } from '../../support/people.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

type Events = { event: FileEvent };

function startClient(server: TestServer, token: Token = server.key) {
  const client = new SubscriptionClient({ url: server.graphqlUrl, token, retryDelay: () => 10 });
  const received: (string | undefined)[] = [];
  const errors: unknown[] = [];
  const sink = {
    next: ({ data }: { data?: Events | null | undefined }) => void received.push(data?.event.file.name),
    error: (error: unknown) => void errors.push(error),
    complete() {},
  };
  return { client, received, errors, sink, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
}

const request = (after?: string) => ({ query: eventSubscription(), variables: { on: 'Task:1', after } });

test('a subscription whose cursor has expired ends, or continues after the cursor that the list returns', async () => {
  await using server = await startTestServer();
  const [, ...place] = Buffer.from(await cursorOf(server, 'Task:1'), 'base64url')
    .toString()
    .split(' ');
  // A cursor of another log.
  const expired = Buffer.from(['0123456789abcdef', ...place].join(' ')).toString('base64url');
  const { client, received, errors, sink, ...opened } = startClient(server);
  await using _ = opened;
  client.subscribe<Events>(request(expired), sink);
  await expect.poll(() => errors).toMatchObject([{ code: 'CURSOR_EXPIRED' }]);
  const after = await cursorOf(server, 'Task:1');
  await uploadFile(server, 'Task:1', 'one');
  client.subscribe<Events>(request(expired), sink, { onCursorExpired: async () => after });
  await expect.poll(() => received).toEqual(['one']);
  await expect.poll(() => client.status).toBe('connected');
});

testInFull('a subscription over a limit starts when another one has ended', async () => {
  await using server = await startTestServer({ MAX_SUBSCRIPTIONS_PER_USER: '1' });
  const { client, received, errors, sink, ...opened } = startClient(server);
  await using _ = opened;
  const after = await cursorOf(server, 'Task:1');
  const end = client.subscribe<Events>(request(after), { ...sink, next() {} });
  await expect.poll(() => client.status).toBe('connected');
  client.subscribe<Events>(request(after), sink);
  await uploadFile(server, 'Task:1', 'one');
  await expect.poll(() => client.status).toBe('catching-up');
  end();
  await expect.poll(() => received).toEqual(['one']);
  expect(errors).toEqual([]);
});

test('a token function that fails is called again, until the user has to sign in', async () => {
  await using server = await startTestServer();
  let calls = 0;
  const { client, errors, sink, ...opened } = startClient(server, async () => {
    calls += 1;
    if (calls < 4) throw new TypeError('fetch failed');
    throw new SignInRequiredError('Sign in again.');
  });
  await using _ = opened;
  client.subscribe<Events>(request(), sink);
  await expect.poll(() => errors).toEqual([new SignInRequiredError('Sign in again.')]);
  expect(calls).toBe(4);
  expect(client.status).toBe('idle');
});

test('a subscription works where the server runs only trusted documents', async () => {
  await using folder = await temporaryFolder('documents');
  const path = join(folder.path, 'documents.json');
  await writeFile(path, JSON.stringify({ added: eventSubscription() }));
  await using server = await startTestServer({ TRUSTED_DOCUMENTS: path });
  const bob = await newPerson(server, 'Bob');
  await server.query(addProjectMember, { input: { projectId: 'Project:1', userId: bob.id, role: 'EDITOR' } });
  const { client, received, errors, sink, ...opened } = startClient(server, bob.key);
  await using _ = opened;
  client.subscribe<Events>(request(), sink);
  await expect.poll(() => client.status).toBe('connected');
  for (let count = 0; received.length === 0; count++) await uploadFile(server, 'Task:1', `file ${count}`);
  expect(errors).toEqual([]);
});
