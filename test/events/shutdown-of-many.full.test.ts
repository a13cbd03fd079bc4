import { expect, test } from 'vitest';
import { KEY } from '../support/durability-files.ts';
import { cursorOf, subscribeToEvents } from '../support/events.ts';
import { uploadFile } from '../support/files.ts';
import { startProcess } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('SIGTERM closes the sockets of 450 subscribers with 1012', async () => {
  await using folder = await temporaryFolder('events');
  await using server = await startProcess({
    DATA_DIR: folder.path,
    ATTACHE_ADMIN_KEY: KEY,
    MAX_CONNECTIONS_PER_USER: '500',
  });
  const after = await cursorOf(server, 'Task:1');
  const codes: Promise<number>[] = [];
  const followers = await Promise.all(
    Array.from({ length: 450 }, () => {
      const closed = Promise.withResolvers<number>();
      codes.push(closed.promise);
      const client = { on: { closed: (event: unknown) => closed.resolve((event as { code: number }).code) } };
      return subscribeToEvents(server, 'Task:1', { after, client });
    }),
  );
  await uploadFile(server, 'Task:1', 'a');
  await Promise.all(followers.map((follower) => follower.next()));
  expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(new Set(await Promise.all(codes))).toEqual(new Set([1012]));
});
