import { expect, test, vi } from 'vitest';
import { EventHub } from '../../src/events/hub.ts';
import { cursorOf, subscribeToEvents } from '../support/events.ts';
import { attach, ids, uploadFiles } from '../support/files.ts';
import { few } from '../support/length.ts';
import { startTestServer } from '../support/server.ts';

test('hundreds of clients that resume on one task at once cost fewer than ten reads of the log', async () => {
  const open = vi.spyOn(EventHub.prototype, 'subscribe');
  await using server = await startTestServer({ MAX_FILES: '100', MAX_CONNECTIONS_PER_USER: '500' });
  const after = await cursorOf(server, 'Task:1');
  const names = Array.from({ length: 100 }, (_, index) => `${index}`);
  const missed: string[] = [];
  for (let round = 0; round < 4; round++) {
    const fileIds = ids((await uploadFiles(server, null, names)).files);
    await attach(server, 'Task:1', fileIds);
    missed.push(...fileIds);
  }
  const received = await Promise.all(
    Array.from({ length: few(100, 300) }, async () => {
      await using events = await subscribeToEvents(server, 'Task:1', { after });
      const ids: string[] = [];
      while (ids.length < missed.length) ids.push((await events.next()).file.id);
      return ids;
    }),
  );
  for (const ids of received) expect(ids).toEqual(missed);
  const [hub] = open.mock.contexts as EventHub[];
  expect(hub?.reads).toBeLessThan(10);
});
