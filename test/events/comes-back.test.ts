import { print } from 'graphql';
import { expect, test } from 'vitest';
import type { FileAddedSubscription } from '../generated/graphql.ts';
import { runSql } from '../support/database.ts';
import { fileAdded } from '../support/documents.ts';
import { uploadFiles } from '../support/files.ts';
import { connect } from '../support/live.ts';
import { startTestServer } from '../support/server.ts';

test('a graphql-ws client retries a subscription after 1013 while the database fails, and then receives events', async () => {
  await using server = await startTestServer();
  const codes: number[] = [];
  const client = connect(server, {
    retryAttempts: 100,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
    on: { closed: (event) => codes.push((event as CloseEvent).code) },
  });
  await runSql(server.dataDir, 'alter table event_topics rename to out_of_order');
  const events = client.iterate<FileAddedSubscription>({ query: print(fileAdded), variables: { on: 'Task:1' } });
  const first = events.next();
  await expect.poll(() => codes.length).toBeGreaterThan(0);
  expect(codes).toContain(1013);
  await runSql(server.dataDir, 'alter table out_of_order rename to event_topics');
  const fileName = first.then(({ value }) => value?.data?.fileAdded.file.name);
  // The protocol does not report when a subscription is open, so this uploads until one arrives.
  let isReceived = false;
  void fileName.then(() => {
    isReceived = true;
  });
  while (!isReceived) await uploadFiles(server, 'Task:1', [{ name: 'received.txt', content: 'x' }]);
  expect(await fileName).toBe('received.txt');
  await client.dispose();
});
