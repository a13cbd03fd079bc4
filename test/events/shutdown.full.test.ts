import { expect, test } from 'vitest';
import { KEY } from '../support/durability-files.ts';
import { subscribeToEvents } from '../support/events.ts';
import { uploadFile } from '../support/files.ts';
import { startProcess } from '../support/process.ts';
import { startUpload, untilRefused } from '../support/slow-upload.ts';
import { stream } from '../support/sse-client.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('SIGTERM closes subscriptions with 1012, and resuming at the next server misses no event', async () => {
  await using folder = await temporaryFolder('events');
  const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: KEY };
  await using first = await startProcess(env);
  const before = first;
  const messages: { type: string }[] = [];
  const closed = Promise.withResolvers<number>();
  const client = {
    on: {
      message: (message: { type: string }) => messages.push(message),
      closed: (event: unknown) => closed.resolve((event as { code: number }).code),
    },
  };
  await using socket = await subscribeToEvents(before, 'Task:1', { client });
  await using sse = await stream(before, 'Task:1');
  await uploadFile(before, 'Task:1', 'a');
  const { cursor: after } = await socket.next();
  const { id: lastEventId } = await sse.nextEvent();

  const slow = await startUpload(first, folder.path, Buffer.alloc(300_000));
  const ending = first.end('SIGTERM');
  expect(await closed.promise).toBe(1012);
  expect(messages.map((message) => message.type)).not.toContain('complete');
  expect(await sse.next()).toBeUndefined();
  await untilRefused(first);
  await slow.finish();
  expect(await ending).toEqual({ code: 0, signal: null });

  await using second = await startProcess(env);
  await using again = await subscribeToEvents(second, 'Task:1', { after });
  await using resumed = await stream(second, 'Task:1', { lastEventId });
  await uploadFile(second, 'Task:1', 'b');
  for (const name of ['slow.bin', 'b']) {
    expect((await again.next()).file.name).toBe(name);
    expect((await resumed.nextEvent()).file.name).toBe(name);
  }
});
