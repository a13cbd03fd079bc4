import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { EventHub } from '../../src/events/hub.ts';
import { ask } from '../support/client.ts';
import { cursorOf, subscribeToEvents } from '../support/events.ts';
import { uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

// While the gate is shut, the node does not read new log entries. The same happens for some
// milliseconds after each commit, and until the notification of another node's commit arrives.
const advance = EventHub.prototype.advance;
let gate = Promise.withResolvers<void>();
gate.resolve();
vi.spyOn(EventHub.prototype, 'advance').mockImplementation(async function (this: EventHub, heads) {
  await gate.promise;
  return advance.call(this, heads);
});
const closeGate = () => {
  gate = Promise.withResolvers();
};
afterEach(() => gate.resolve());

test('a subscription accepts a cursor newer than the last log entry that this node has read', async () => {
  await using server = await startTestServer();
  await using other = await subscribeToEvents(server, 'Task:1');
  await uploadFile(server, 'Task:1', 'first');
  await other.next();
  closeGate();
  await uploadFile(server, 'Task:1', 'one');
  const after = await cursorOf(server, 'Task:1');
  await using fresh = await subscribeToEvents(server, 'Task:1', { after });
  const next = fresh.next().then(
    (event) => event.file.name,
    (errors) => errors[0]?.extensions.code,
  );
  const atOnce = await Promise.race([next, pause(300)]);
  gate.resolve();
  expect(atOnce).toBe(undefined); // not rejected with CURSOR_EXPIRED
  await uploadFile(server, 'Task:1', 'two');
  expect(await next).toBe('two');
});

test('a removed member receives no event that this node has not read from the log yet', async () => {
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
    // The member is removed after the access check and before the log is read.
    closeGate();
    await ask(
      server,
      `mutation { removeProjectMember(input: { projectId: "Project:1", userId: "${bob.id}" }) { removedUserId } }`,
    );
    await uploadFile(server, 'Task:1', 'secret');
    return subscription;
  });
  await using events = await subscribeToEvents(server, 'Task:1', { after, key: bob.key });
  expect((await events.next()).file.name).toBe('before');
  const next = events.next().then(
    (event) => event.file.name,
    (errors) => errors[0]?.extensions.code,
  );
  await Promise.race([next, pause(500)]);
  gate.resolve();
  expect(await next).toBe('NOT_FOUND');
  opening.mockRestore();
});
