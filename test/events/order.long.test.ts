import { expect, test } from 'vitest';
import { cursorOf, readEvents, subscribeToEvents } from '../support/events.ts';
import { uploadFile, uploadFiles } from '../support/files.ts';
import { few } from '../support/length.ts';
import { startTestServer } from '../support/server.ts';

test('a subscriber that joins during concurrent uploads receives every event after its cursor once, in log order', async () => {
  await using server = await startTestServer();
  const begin = await cursorOf(server, 'Task:1');
  const rounds = few(5, 15);
  let isOver = false;
  const writing = Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      for (let round = 0; round < rounds; round++)
        await uploadFiles(server, 'Task:1', [`${writer} ${round} a`, `${writer} ${round} b`]);
    }),
  ).finally(() => {
    isOver = true;
  });
  const receiving: Promise<{ after: string; cursors: string[] }>[] = [];
  const receive = async (after: string) => {
    await using events = await subscribeToEvents(server, 'Task:1', { after });
    const cursors: string[] = [];
    for (;;) {
      const { cursor, file } = await events.next();
      cursors.push(cursor);
      if (file.name === 'last') return { after, cursors };
    }
  };
  while (!isOver) {
    receiving.push(receive(begin), receive(await cursorOf(server, 'Task:1')));
    const known = await readEvents(server, 'Task:1');
    const middle = known[Math.floor(known.length / 2)];
    if (middle) receiving.push(receive(middle.cursor));
    await new Promise(setImmediate);
    if (receiving.length > few(40, 120)) await writing;
  }
  await writing;
  await uploadFile(server, 'Task:1', 'last');
  const all = (await readEvents(server, 'Task:1')).map((event) => event.cursor);
  expect(new Set(all).size).toBe(8 * rounds * 2 + 1);
  for (const { after, cursors } of await Promise.all(receiving))
    expect(cursors).toEqual(all.slice(all.indexOf(after) + 1));
});
