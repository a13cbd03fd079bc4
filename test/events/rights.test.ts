import { expect, test } from 'vitest';
import { ask, codeOf, dataOf } from '../support/client.ts';
import { kinds } from '../support/entity-kinds.ts';
import { cursorOf, type EventSubscriber, subscribeToEvents } from '../support/events.ts';
import { attach, demote, uploadFile, uploadFiles } from '../support/files.ts';
import { newPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { stream } from '../support/sse-client.ts';

const member = (server: TestServer, { id }: Person, change: string) =>
  ask(
    server,
    `mutation { ${change}ProjectMember(input: { projectId: "Project:1", userId: "${id}" ${change === 'remove' ? '' : ', role: VIEWER'} }) { __typename } }`,
  );

/** The file names of all events until the subscription ends, and the error code of its end. */
async function untilEnd({ nextEvent }: { nextEvent(): Promise<{ file: { name: string } }> }) {
  const names: string[] = [];
  for (;;) {
    try {
      names.push((await nextEvent()).file.name);
    } catch (errors) {
      return { names, code: (errors as { extensions?: { code: string } }[])[0]?.extensions?.code };
    }
  }
}

const overWebSocket = (events: EventSubscriber) => ({ nextEvent: () => events.next() });

test('a removed member receives no further event, and NOT_FOUND ends the subscription, over WebSocket and SSE', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  for (const on of ['Project:1', 'Task:1', 'Comment:1']) {
    const place = on === 'Project:1' ? 'Task:1' : on;
    await using socket = await subscribeToEvents(server, on, { key: bob.key });
    await using sse = await stream(server, on, { key: bob.key });
    await uploadFile(server, place, 'received');
    expect((await socket.next()).file.name).toBe('received');
    expect((await sse.nextEvent()).file.name).toBe('received');
    await member(server, bob, 'remove');
    await uploadFile(server, place, 'secret');
    const ended = { names: [], code: 'NOT_FOUND' };
    expect([await untilEnd(overWebSocket(socket)), await untilEnd(sse)]).toEqual([ended, ended]);
    await member(server, bob, 'add');
  }
});

test('removing one member does not affect the subscription of another', async () => {
  await using server = await startTestServer();
  const [bob, carol] = [
    await newPerson(server, 'Bob', { role: 'VIEWER' }),
    await newPerson(server, 'Carol', { role: 'VIEWER' }),
  ];
  await using hers = await subscribeToEvents(server, 'Task:1', { key: carol.key });
  await using his = await subscribeToEvents(server, 'Task:1', { key: bob.key });
  const names = Array.from({ length: 20 }, (_, index) => `${index}`);
  for (const name of names) {
    if (name === '10') {
      expect((await his.take(10)).map((event) => event.file.name)).toEqual(names.slice(0, 10));
      await member(server, bob, 'remove');
    }
    await uploadFile(server, 'Task:1', name);
  }
  expect((await hers.take(20)).map((event) => event.file.name)).toEqual(names);
  expect(await untilEnd(overWebSocket(his))).toEqual({ names: [], code: 'NOT_FOUND' });
});

test.each(['Contact', 'Opportunity', 'Case'] as const)(
  'making a %s private ends the subscriptions of users without access',
  async (kind) => {
    await using server = await startTestServer();
    const [bob, carol] = [await newPerson(server, 'Bob'), await newPerson(server, 'Carol')];
    const id = await kinds[kind].create(server, { title: 'Open' });
    await using his = await subscribeToEvents(server, id, { key: bob.key });
    await using hers = await subscribeToEvents(server, id, { key: carol.key });
    await uploadFile(server, id, 'for all');
    expect([(await his.next()).file.name, (await hers.next()).file.name]).toEqual(['for all', 'for all']);
    const accessList = [{ userId: carol.id, access: 'READ' as const }];
    dataOf((await kinds[kind].update(server, id, { isPrivate: true, accessList })) as never);
    await uploadFile(server, id, 'for some');
    expect(await untilEnd(overWebSocket(his))).toEqual({ names: [], code: 'NOT_FOUND' });
    expect((await hers.next()).file.name).toBe('for some');
  },
);

test('deleting a task or project ends the subscriptions to it and to what it contains with NOT_FOUND', async () => {
  await using server = await startTestServer();
  await using onComment = await subscribeToEvents(server, 'Comment:1');
  await using onTask = await subscribeToEvents(server, 'Task:1');
  await using onOther = await subscribeToEvents(server, 'Task:2');
  await using onProject = await subscribeToEvents(server, 'Project:1');
  const ended = { names: [], code: 'NOT_FOUND' };
  await ask(server, 'mutation { deleteTask(input: { taskId: "Task:1" }) { deletedId } }');
  expect([await untilEnd(overWebSocket(onTask)), await untilEnd(overWebSocket(onComment))]).toEqual([ended, ended]);
  await ask(server, 'mutation { deleteProject(input: { projectId: "Project:1" }) { deletedId } }');
  expect([await untilEnd(overWebSocket(onOther)), await untilEnd(overWebSocket(onProject))]).toEqual([ended, ended]);
});

test('an EDITOR demoted to VIEWER receives no more events of drafts, and still receives the others', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  await using events = await subscribeToEvents(server, 'Task:1', { key: bob.key });
  await uploadFile(server, 'Task:1', 'draft 1', { available: false });
  expect((await events.next()).file.name).toBe('draft 1');
  await demote(server, bob);
  await uploadFile(server, 'Task:1', 'draft 2', { available: false });
  await uploadFile(server, 'Task:1', 'final');
  expect((await events.next()).file.name).toBe('final');
});

test('a member who is added again resumes from an old cursor and receives the events in between', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const after = await cursorOf(server, 'Task:1', bob.key);
  await member(server, bob, 'remove');
  await uploadFiles(server, 'Task:1', ['a', 'b']);
  await using refused = await subscribeToEvents(server, 'Task:1', { key: bob.key, after });
  expect(await untilEnd(overWebSocket(refused))).toEqual({ names: [], code: 'NOT_FOUND' });
  await member(server, bob, 'add');
  await using events = await subscribeToEvents(server, 'Task:1', { key: bob.key, after });
  expect((await events.take(2)).map((event) => event.file.name)).toEqual(['a', 'b']);
});

test('repeated role changes that keep access lose no event', async () => {
  await using server = await startTestServer({ MAX_FILES: '60' });
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const role = (name: string) =>
    codeOf(
      server,
      `mutation { updateProjectMember(input: { projectId: "Project:1", userId: "${bob.id}", role: ${name} }) { __typename } }`,
    );
  await using events = await subscribeToEvents(server, 'Task:1', { key: bob.key });
  const { files } = await uploadFiles(
    server,
    null,
    Array.from({ length: 60 }, (_, index) => `${index}`),
  );
  for (const [index, file] of files.entries()) {
    const changing = role(index % 2 === 0 ? 'EDITOR' : 'VIEWER');
    await attach(server, 'Task:1', [file.id]);
    expect(await changing).toBe(undefined);
  }
  expect((await events.take(60)).map((event) => event.file.id)).toEqual(files.map((file) => file.id));
});
