import { expect, test } from 'vitest';
import { cursorOf, readEvents, subscribeToEvents } from '../support/events.ts';
import { attach, detach, ids, uploadFiles } from '../support/files.ts';
import { isFull } from '../support/length.ts';
import { startTestServer } from '../support/server.ts';
import { stream } from '../support/sse-client.ts';

test('a subscriber that resumes anywhere in 2,000 events receives exactly the events after its cursor', async () => {
  await using server = await startTestServer({ MAX_FILES: '1000' });
  const fileIds = ids(
    (
      await uploadFiles(
        server,
        null,
        Array.from({ length: 700 }, (_, index) => `${index}`),
      )
    ).files,
  );
  const begin = await cursorOf(server, 'Task:1');
  await attach(server, 'Task:1', fileIds);
  await detach(server, 'Task:1', fileIds);
  await attach(server, 'Task:1', fileIds.slice(0, 600));
  const all = (await readEvents(server, 'Task:1')).map((event) => event.cursor);
  expect(all.length).toBe(2000);

  const short = 'subscription ($on: ID!, $after: String) { event: fileEvents(on: $on, after: $after) { cursor } }';
  const edges = [0, 1, 2, 255, 256, 257, 258, 511, 512, 513, 514, 767, 768, 769, 1023, 1024, 1025, 1487, 1488, 1489];
  const between = isFull ? Array.from({ length: 20 }, (_, index) => index * 97) : [];
  const numbers = [...edges, ...between, 1998, 1999];
  await using live = await subscribeToEvents<{ cursor: string }>(server, 'Task:1', { query: short });
  const received = await Promise.all(
    numbers.map(async (number) => {
      const after = number === 0 ? begin : (all[number - 1] as string);
      await using events = await subscribeToEvents<{ cursor: string }>(server, 'Task:1', { query: short, after });
      return (await events.take(2000 - number)).map((event) => event.cursor);
    }),
  );
  for (const [index, cursors] of received.entries()) expect(cursors).toEqual(all.slice(numbers[index]));

  // Live events continue after the backlog, for events in the memory buffer and for older ones.
  await using late = await subscribeToEvents<{ cursor: string }>(server, 'Task:1', { query: short, after: begin });
  await using sse = await stream(server, 'Task:1', { after: begin });
  await detach(server, 'Task:1', fileIds.slice(0, 600));
  const rest = (await readEvents(server, 'Task:1', { after: all[1999] as string })).map((event) => event.cursor);
  expect((await live.take(600)).map((event) => event.cursor)).toEqual(rest);
  expect((await late.take(2600)).map((event) => event.cursor)).toEqual([...all, ...rest]);
  for (const cursor of [...all, ...rest]) expect((await sse.nextEvent()).id).toBe(cursor);
});
