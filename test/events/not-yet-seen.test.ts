import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { EventHub } from '../../src/events/hub.ts';
import { ask } from '../support/client.ts';
import { cursorOf, follow } from '../support/events.ts';
import { uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
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
  await uploadFile(server, 'Task:1', 'first');
  await other.next();
  shut();
  await uploadFile(server, 'Task:1', 'one');
  const after = await cursorOf(server, 'Task:1');
  await using fresh = await follow(server, 'Task:1', { after });
  const next = fresh.next().then(
    (event) => event.file.name,
    (errors) => errors[0]?.extensions.code,
  );
  const atOnce = await Promise.race([next, pause(300)]);
  looked.resolve();
  expect(atOnce).toBe(undefined); // CURSOR_EXPIRED
  await uploadFile(server, 'Task:1', 'two');
  expect(await next).toBe('two');
});

test('who lost the right is not told from the log what the node has not seen yet', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const after = await cursorOf(server, 'Task:1');
  await uploadFile(server, 'Task:1', 'before');
  const open = EventHub.prototype.subscribe;
  const opening = vi.spyOn(EventHub.prototype, 'subscribe').mockImplementation(async function (
    this: EventHub,
    topic,
    listener,
    cursor,
  ) {
    const subscription = await open.call(this, topic, listener, cursor);
    // Between the check of the rights and the reading of the log.
    shut();
    await ask(
      server,
      `mutation { removeProjectMember(input: { projectId: "Project:1", userId: "${bob.id}" }) { removedUserId } }`,
    );
    await uploadFile(server, 'Task:1', 'secret');
    return subscription;
  });
  await using events = await follow(server, 'Task:1', { after, key: bob.key });
  expect((await events.next()).file.name).toBe('before');
  const next = events.next().then(
    (event) => event.file.name,
    (errors) => errors[0]?.extensions.code,
  );
  await Promise.race([next, pause(500)]);
  looked.resolve();
  expect(await next).toBe('NOT_FOUND');
  opening.mockRestore();
});
