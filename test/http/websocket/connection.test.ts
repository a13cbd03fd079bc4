import { print } from 'graphql';
import { expect, test } from 'vitest';
import type { FileAddedSubscription } from '../../generated/graphql.ts';
import { fileAdded } from '../../support/documents.ts';
import { uploadFile } from '../../support/files.ts';
import { connect, subscribeToFileAdded } from '../../support/live.ts';
import { startTestServer } from '../../support/server.ts';

const query = print(fileAdded);

test('ending one of several subscriptions on a connection leaves the others open', async () => {
  await using server = await startTestServer();
  const client = connect(server);
  const leaving = client.iterate<FileAddedSubscription>({ query, variables: { on: 'Task:1' } });
  const staying = client.iterate<FileAddedSubscription>({ query, variables: { on: 'Task:1' } });
  const firsts = [leaving.next(), staying.next()];
  let isOpen = false;
  void Promise.all(firsts).then(() => {
    isOpen = true;
  });
  while (!isOpen) await uploadFile(server, 'Task:1', { name: 'probe.txt', content: 'probe' });

  await leaving.return?.();
  await uploadFile(server, 'Task:1', { name: 'after.txt', content: 'after' });
  const names: (string | undefined)[] = [];
  while (names.at(-1) !== 'after.txt') names.push((await staying.next()).value?.data?.fileAdded.file.name);
  // It may have opened first and still have probe.txt events to deliver; after these it ends.
  for await (const { data } of leaving) expect(data?.fileAdded.file.name).toBe('probe.txt');
  await client.dispose();
});

test('one connection runs a hundred subscriptions at once, and rejects the next without ending any', async () => {
  await using server = await startTestServer();
  const client = connect(server);
  const hundred = Array.from({ length: 100 }, () => client.iterate({ query, variables: { on: 'Task:1' } }));
  const firsts = hundred.map((events) => events.next());
  const refused = client.iterate({ query, variables: { on: 'Task:1' } });
  await expect(refused.next()).rejects.toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
  let isOpen = false;
  void Promise.all(firsts).then(() => {
    isOpen = true;
  });
  while (!isOpen) await uploadFile(server, 'Task:1', { name: 'probe.txt', content: 'probe' });
  for (const { value } of await Promise.all(firsts)) expect(value?.data?.fileAdded).toBeDefined();
  await client.dispose();
});

test('a server that shuts down closes its connections with 1012, so that clients reconnect', async () => {
  const server = await startTestServer();
  const closed = Promise.withResolvers<unknown>();
  await using listener = await subscribeToFileAdded(server, 'Task:1', { on: { closed: closed.resolve } });
  const end = listener.next().catch((event) => event);
  await server[Symbol.asyncDispose]();
  expect(await closed.promise).toMatchObject({ code: 1012 });
  expect(await end).toMatchObject({ code: 1012 });
});
