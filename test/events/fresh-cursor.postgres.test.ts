import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createPostgresDatabase } from '../support/database.ts';
import { eventSubscription, socketOf, subscribeToEvents } from '../support/events.ts';
import { uploadFile, uploadFiles } from '../support/files.ts';
import { startTestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Runs without mocks: a regression shows in up to half of the rounds, more on a busy machine.
test('a cursor issued by one server is valid at another server at once', async () => {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await createPostgresDatabase());
  const folder = stack.use(await temporaryFolder('two'));
  const env = { DATA_DIR: folder.path, DATABASE_URL: url, MAX_FILES: '60' };
  const one = stack.use(await startTestServer(env));
  const other = stack.use(await startTestServer(env));
  await using watcher = await subscribeToEvents(other, 'Task:1');
  await uploadFile(one, 'Task:1', 'x');
  await watcher.next();
  const [atOne, atOther] = [socketOf(one, undefined, { lazy: false }), socketOf(other, undefined, { lazy: false })];
  const attach =
    'mutation ($ids: [ID!]!) { done: attachTaskFiles(input: { taskId: "Task:1", fileIds: $ids }) { eventCursor } }';
  const { files } = await uploadFiles(
    one,
    null,
    Array.from({ length: 20 }, (_, index) => `${index}`),
  );
  const codes: unknown[] = [];
  // Concurrent uploads keep the second server busy.
  let isOver = false;
  const busy = Promise.all(
    Array.from({ length: 4 }, async () => {
      while (!isOver) await uploadFile(other, 'Task:2', 'busy');
    }),
  );
  for (const { id } of files) {
    const { value } = await atOne
      .iterate<{ done: { eventCursor: string } }>({ query: attach, variables: { ids: [id] } })
      .next();
    const after = value.data.done.eventCursor;
    const events = atOther.iterate({ query: eventSubscription(), variables: { on: 'Task:1', after } });
    const next = events.next().then(
      () => undefined,
      (errors) => errors[0]?.extensions.code,
    );
    codes.push(await Promise.race([next, pause(100)]));
    await events.return?.();
  }
  isOver = true;
  await busy;
  expect(codes.filter(Boolean)).toEqual([]);
});
