import { expect, test } from 'vitest';
import { ask, codeOf } from '../../support/client.ts';
import { cursorOf, subscribeToEvents } from '../../support/events.ts';
import { uploadFile } from '../../support/files.ts';
import { sharedSecret, tokenOf } from '../../support/jwt.ts';
import { openProtocolSocket } from '../../support/protocol-socket.ts';
import { startTestServer } from '../../support/server.ts';
import { stream } from '../../support/sse-client.ts';

const env = {
  ...sharedSecret,
  AUTH_JWT_PROJECT_ROLES: '{"staff": {"Project:1": "VIEWER"}}',
  AUTH_JWT_CLOCK_TOLERANCE_SECONDS: '0',
};
const staff = { groups: ['staff'], iat: 1 };

test('a token that expires closes its sockets with 4403, idle ones included, and later ones as well', async () => {
  await using server = await startTestServer(env);
  const token = await tokenOf('ada', staff, { expiresIn: 6 });
  await using idle = await openProtocolSocket(server, token);
  await using busy = await openProtocolSocket(server, token);
  busy.subscribe('1', 'subscription { event: fileEvents(on: "Task:1") { file { name } } }');
  await using staying = await openProtocolSocket(server, await tokenOf('ada', staff));
  expect(await Promise.all([idle.closed, busy.closed])).toEqual([4403, 4403]);
  // No message ended the operation: the client of graphql-ws would not resume it.
  expect(busy.received.map(({ type }) => type)).toEqual(['connection_ack']);
  await using late = await openProtocolSocket(server, token);
  expect(await late.closed).toBe(4403);
  expect(staying.socket.readyState).toBe(staying.socket.OPEN);
});

test('a token that expires ends its SSE stream without `complete`, and a fresh one resumes after the last event', async () => {
  await using server = await startTestServer(env);
  const token = await tokenOf('ada', staff, { expiresIn: 6 });
  await using first = await stream(server, 'Task:1', { key: token });
  await uploadFile(server, 'Task:1', 'before');
  const { id } = await first.nextEvent();
  await expect(first.nextEvent()).rejects.toThrow('The stream ended.');
  await uploadFile(server, 'Task:1', 'between');
  const refused = await stream(server, 'Task:1', { key: token, lastEventId: id });
  expect(refused.response.status).toBe(401);
  await using second = await stream(server, 'Task:1', { key: await tokenOf('ada', staff), lastEventId: id });
  expect((await second.nextEvent()).file.name).toBe('between');
});

test('two subscriptions of one user with tokens of different ends and scopes are checked each by its own', async () => {
  await using server = await startTestServer(env);
  const lasting = await tokenOf('ada', staff);
  const short = await tokenOf('ada', staff, { expiresIn: 6 });
  await ask(server, '{ viewer { id } }', {}, lasting);
  const after = await cursorOf(server, 'Task:1');
  await using long = await subscribeToEvents(server, 'Task:1', { key: lasting, after });
  await using ending = await subscribeToEvents(server, 'Task:1', { key: short, after });
  await uploadFile(server, 'Task:1', 'one');
  expect([(await long.next()).file.name, (await ending.next()).file.name]).toEqual(['one', 'one']);
  await expect(ending.next()).rejects.toBeDefined();
  expect(await codeOf(server, '{ viewer { id } }', {}, short)).toBe('UNAUTHENTICATED');
  // A change of the user's rights makes the server check each subscription again.
  const { viewer } = await ask<{ viewer: { id: string } }>(server, '{ viewer { id } }', {}, lasting);
  const input = { projectId: 'Project:1', userId: viewer.id, role: 'EDITOR' };
  const update = `mutation ($input: UpdateProjectMemberInput!) { updateProjectMember(input: $input) { memberEdge { role } } }`;
  await ask(server, update, { input });
  await uploadFile(server, 'Task:1', 'two');
  expect((await long.next()).file.name).toBe('two');
});
