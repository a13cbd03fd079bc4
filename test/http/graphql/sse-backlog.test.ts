import { expect, test } from 'vitest';
import { cursorOf, eventSubscription, readEvents, subscribeToEvents } from '../../support/events.ts';
import { uploadFile } from '../../support/files.ts';
import { startTestServer } from '../../support/server.ts';

test('the first event id of a stream is its start cursor, even if there is a backlog of events', async () => {
  await using server = await startTestServer();
  // With a subscriber present, the server holds the events in its buffer.
  await using other = await subscribeToEvents(server, 'Task:1');
  const after = await cursorOf(server, 'Task:1');
  for (const name of ['one', 'two', 'three']) await uploadFile(server, 'Task:1', name);
  for (let received = 0; received < 3; received++) await other.next();
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.key}`,
      accept: 'text/event-stream',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ query: eventSubscription(), variables: { on: 'Task:1', after } }),
  });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk);
    if (text.includes('id: ')) break;
  }
  const [, id = ''] = /id: (\S+)/.exec(text) ?? [];
  expect(id).toBe(after);
  expect((await readEvents(server, 'Task:1', { after: id })).map((event) => event.file.name)).toEqual([
    'one',
    'two',
    'three',
  ]);
});
