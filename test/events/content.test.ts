import { expect, test } from 'vitest';
import type { ask } from '../support/client.ts';
import { cursorOf } from '../support/events.ts';
import { remove, update, uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

const query = `query ($on: ID!, $after: String) {
  fileEvents(on: $on, after: $after) { nodes { type file { id name content } } }
}`;

test('an event returns the content of its file only while the viewer may see that file', async () => {
  await using server = await startTestServer();
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const after = await cursorOf(server, 'Task:1');
  const hidden = await uploadFile(server, 'Task:1', 'hidden since');
  await update(server, { fileId: hidden.id, available: false });
  const removed = await uploadFile(server, 'Task:1', 'removed since');
  await remove(server, removed.id);
  await uploadFile(server, 'Task:1', 'there');
  const { fileEvents } = await queryEvents(server, { on: 'Task:1', after }, viewer.key);
  const contents = fileEvents.nodes.map(({ type, file }) => [type, file.name, file.content !== null]);
  expect(contents).toEqual([
    ['FILE_ADDED', 'hidden since', false],
    ['FILE_REMOVED', 'hidden since', false],
    ['FILE_ADDED', 'removed since', false],
    ['FILE_REMOVED', 'removed since', false],
    ['FILE_ADDED', 'there', true],
  ]);
});

type EventsResult = { fileEvents: { nodes: { type: string; file: { name: string; content: string | null } }[] } };

/** Returns the data, and expects every error to be NOT_FOUND. */
async function queryEvents(server: Parameters<typeof ask>[0], variables: object, key: string): Promise<EventsResult> {
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as {
    data: EventsResult;
    errors: { extensions: { code: string } }[];
  };
  expect(new Set(errors.map((error) => error.extensions.code))).toEqual(new Set(['NOT_FOUND']));
  return data;
}
