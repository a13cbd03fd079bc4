import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { EventHub } from '../../src/events/hub.ts';
import { giveOne } from '../files/requests.ts';
import { cursorOf, follow } from '../support/events.ts';
import { startTestServer } from '../support/server.ts';

// While the gate is shut, the node has not looked at the log yet: as it is for some milliseconds after each commit, and
// for as long as the bell takes after one of another node.
const advance = EventHub.prototype.advance;
let looked = Promise.withResolvers<void>();
looked.resolve();
vi.spyOn(EventHub.prototype, 'advance').mockImplementation(async function (this: EventHub, heads) {
  await looked.promise;
  return advance.call(this, heads);
});
const shut = () => {
  looked = Promise.withResolvers();
};
afterEach(() => looked.resolve());

test('a cursor that is newer than what this node has seen is good', async () => {
  await using server = await startTestServer();
  await using other = await follow(server, 'Task:1');
  await giveOne(server, 'Task:1', 'first');
  await other.next();
  shut();
  await giveOne(server, 'Task:1', 'one');
  const after = await cursorOf(server, 'Task:1');
  await using fresh = await follow(server, 'Task:1', { after });
  const next = fresh.next().then(
    (event) => event.file.name,
    (errors) => errors[0]?.extensions.code,
  );
  const atOnce = await Promise.race([next, pause(300)]);
  looked.resolve();
  expect(atOnce).toBe(undefined); // CURSOR_EXPIRED
  await giveOne(server, 'Task:1', 'two');
  expect(await next).toBe('two');
});
