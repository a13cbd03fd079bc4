import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { cursorOf, socketOf, subscribeToEvents } from '../support/events.ts';
import { attach, uploadFile } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const subscription = (fields: string) =>
  `subscription ($on: ID!, $after: String) { event: fileEvents(on: $on, after: $after) { ${fields} } }`;

/** The fields of an event whose value depends on the viewer, one for each kind of dependency. */
const dependent = {
  'whether the viewer may attach': 'on { viewerCanAttach }',
  'an address': 'actor { email }',
  'where else the file is attached': 'file { attachedTo { id } }',
  'which versions there are': 'file { versions { id name } }',
  'what may be done with a task': 'on { ... on Task { canEdit } }',
  'the project behind it': 'on { ... on Task { project { members(first: 9) { nodes { email } } } } }',
  'the keys of a user': 'actor { apiKeys(first: 9) { totalCount } }',
  nothing: 'type file { id name size sha256 } actor { displayName } on { id __typename }',
};

/** A file with a draft version and a private contact, and two users who may see different parts. */
async function twoViewers(server: TestServer) {
  const [editor, viewer] = [
    await newPerson(server, 'Edith', { role: 'EDITOR' }),
    await newPerson(server, 'Vera', { role: 'VIEWER' }),
  ];
  const input = { displayName: 'Hidden', isPrivate: true, accessList: [{ userId: editor.id, access: 'READ' }] };
  const made = await ask<{ createContact: { contact: { id: string } } }>(
    server,
    'mutation ($input: CreateContactInput!) { createContact(input: $input) { contact { id } } }',
    { input },
  );
  await ask(server, 'mutation { updateUser(input: { userId: "User:1", email: "root@example.com" }) { user { id } } }');
  const after = await cursorOf(server, 'Task:1');
  const draft = await uploadFile(server, 'Task:1', 'draft', { available: false });
  const { id } = await uploadFile(server, 'Task:1', 'final', { parentId: draft.id });
  await attach(server, made.createContact.contact.id, [id]);
  return { editor, viewer, after, outsider: server.key };
}

test.each(Object.entries(dependent))(
  'subscribers with one document and different access each receive their own payload: %s',
  async (_what, fields) => {
    await using server = await startTestServer();
    const { editor, viewer, after } = await twoViewers(server);
    const query = subscription(`type cursor ${fields}`);
    const keys = [server.key, editor.key, viewer.key];
    const followers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        subscribeToEvents<{ type: string }>(server, 'Task:1', { query, after, key: keys[index % 3] as string }),
      ),
    );
    await uploadFile(server, 'Task:1', 'last');
    const answers = await Promise.all(
      followers.map(async (follower) => {
        const events: { type: string }[] = [];
        // A VIEWER may not see the draft, and receives one event fewer.
        while (events.length < (followers.indexOf(follower) % 3 === 2 ? 2 : 3)) events.push(await follower.next());
        return events;
      }),
    );
    // A document of its own is executed for one subscriber alone: the expected payloads.
    const alone = await Promise.all(
      keys.map(async (key, index) => {
        const own = subscription(`own${index}: __typename type cursor ${fields}`);
        await using one = await subscribeToEvents<{ type: string }>(server, 'Task:1', { query: own, after, key });
        return (await one.take(index === 2 ? 2 : 3)).map((event) =>
          Object.fromEntries(Object.entries(event).filter(([name]) => name !== `own${index}`)),
        );
      }),
    );
    for (const [index, events] of answers.entries()) expect(events).toEqual(alone[index % 3]);
    for (const follower of followers) await follower[Symbol.asyncDispose]();
  },
);

test('all subscribers receive an equal payload when no field depends on the viewer', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  const query = subscription(dependent.nothing);
  const followers = await Promise.all(
    [server.key, bob.key, server.key, bob.key].map((key) => subscribeToEvents(server, 'Task:1', { query, key })),
  );
  await uploadFile(server, 'Task:1', 'a');
  const [first, ...others] = await Promise.all(followers.map((follower) => follower.next()));
  for (const other of others) expect(other).toEqual(first);
  for (const follower of followers) await follower[Symbol.asyncDispose]();
});

test('different operations, variables and fragments on one task do not share payloads', async () => {
  await using server = await startTestServer();
  const two = `
    subscription Names($on: ID!, $after: String) { event: fileEvents(on: $on, after: $after) { ...Name } }
    subscription Ids($on: ID!, $after: String) { event: fileEvents(on: $on, after: $after) { file { id } } }
    fragment Name on FileEvent { file { is: name } }
  `;
  const flagged = `subscription ($on: ID!, $after: String, $wanted: Boolean!) {
    event: fileEvents(on: $on, after: $after) { type file @include(if: $wanted) { id } }
  }`;
  const from = 'subscription ($on: ID!, $from: String) { event: fileEvents(on: $on, after: $from) { file { size } } }';
  const inFragment = `subscription ($on: ID!, $after: String) { ...Root }
    fragment Root on Subscription { event: fileEvents(on: $on, after: $after) { type } }`;
  const added = 'subscription ($on: ID!, $after: String) { event: fileAdded(on: $on, after: $after) { type } }';
  const begin = await cursorOf(server, 'Task:1');
  const { id, size } = await uploadFile(server, 'Task:1', 'a');
  const later = await cursorOf(server, 'Task:1');
  const v2 = await uploadFile(server, 'Task:1', 'b', { parentId: id });

  const client = socketOf(server);
  const firstOf = async (query: string, variables: Record<string, unknown>, operationName?: string) => {
    const payload = { query, variables: { on: 'Task:1', ...variables }, operationName: operationName ?? null };
    for await (const { data, errors } of client.iterate<{ event: unknown }>(payload)) return data?.event ?? errors;
    return undefined;
  };
  const after = begin;
  const runAll = () => [
    firstOf(two, { after }, 'Names'),
    firstOf(two, { after }, 'Ids'),
    firstOf(two, { after: later }, 'Ids'),
    firstOf(flagged, { after, wanted: true }),
    firstOf(flagged, { after, wanted: false }),
    firstOf(from, { from: begin }),
    firstOf(inFragment, { after: later }),
    firstOf(inFragment, { after }),
    firstOf(added, { after: later }),
  ];
  const expected = [
    { file: { is: 'a' } },
    { file: { id } },
    { file: { id: v2.id } },
    { type: 'FILE_ADDED', file: { id } },
    { type: 'FILE_ADDED' },
    { file: { size } },
    { type: 'FILE_VERSION_ADDED' },
    { type: 'FILE_ADDED' },
    { type: 'FILE_VERSION_ADDED' },
  ];
  for (let round = 0; round < 3; round++) expect(await Promise.all(runAll())).toEqual(expected);
  await client.dispose();
});
