import { expect, test } from 'vitest';
import { readEvents } from '../../support/events.ts';
import { uploadFile, uploadFiles } from '../../support/files.ts';
import { startTestServer } from '../../support/server.ts';
import { stream } from '../../support/sse-client.ts';

const methods = ['GET', 'POST'] as const;

test.each(methods)('by %s, each event has its cursor as its id', async (method) => {
  await using server = await startTestServer();
  await using open = await stream(server, 'Task:1', { method });
  expect(open.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  expect(open.response.headers.get('cache-control')).toMatch(/no-cache/);
  await uploadFiles(server, 'Task:1', ['a', 'b', 'c']);
  const events = [await open.nextEvent(), await open.nextEvent(), await open.nextEvent()];
  expect(events.map((event) => event.file.name)).toEqual(['a', 'b', 'c']);
  expect(events.map((event) => event.id)).toEqual((await readEvents(server, 'Task:1')).map((event) => event.cursor));
});

test.each(methods)(
  'by %s, a client that reconnects with Last-Event-ID receives every missed event once',
  async (method) => {
    await using server = await startTestServer();
    let lastEventId = '';
    const received: string[] = [];
    for (const round of ['a', 'b', 'c', 'd']) {
      await using open = await stream(server, 'Task:1', { method, ...(lastEventId ? { lastEventId } : {}) });
      if (lastEventId) received.push((await open.nextEvent()).file.name);
      await uploadFile(server, 'Task:1', `${round}, received live`);
      const { file, id } = await open.nextEvent();
      received.push(file.name);
      lastEventId = id;
      await open[Symbol.asyncDispose]();
      await uploadFile(server, 'Task:1', `${round}, meanwhile`);
    }
    const names = (await readEvents(server, 'Task:1')).map((event) => event.file.name);
    expect(received).toEqual(names.slice(0, -1));
  },
);

test('a client that is cut off before the first event resumes at the start of its stream', async () => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:1', 'before');
  const open = await stream(server, 'Task:1');
  const first = await open.next();
  expect(first).toMatchObject({ data: '', id: expect.stringMatching(/./) });
  await open[Symbol.asyncDispose]();
  await uploadFiles(server, 'Task:1', ['a', 'b']);
  await using back = await stream(server, 'Task:1', { lastEventId: first?.id ?? '' });
  expect([(await back.nextEvent()).file.name, (await back.nextEvent()).file.name]).toEqual(['a', 'b']);
});

test('Last-Event-ID takes precedence over the cursor in the query', async () => {
  await using server = await startTestServer();
  await uploadFiles(server, 'Task:1', ['a', 'b', 'c']);
  const [a, b] = await readEvents(server, 'Task:1');
  await using back = await stream(server, 'Task:1', { after: a?.cursor ?? '', lastEventId: b?.cursor ?? '' });
  expect((await back.nextEvent()).file.name).toBe('c');
});
