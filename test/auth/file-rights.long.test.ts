import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isFull } from '../support/length.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  type BuiltState,
  build,
  createParticipants,
  type Participants,
  type PrimaryType,
} from './file-state-server.ts';
import { type FileState, fileStates, titleOf } from './file-states.ts';
import * as ways from './file-transports.ts';

/**
 * Builds each state of the table through the API, then tries every way to reach the file. Each way
 * must give the result that the table states.
 */

let server: TestServer;
let cast: Participants;

beforeAll(async () => {
  server = await startTestServer();
  cast = await createParticipants(server);
});
afterAll(() => server[Symbol.asyncDispose]());

const is = (state: FileState, column: string) => state[column] === 'yes';
const tryAll = async (
  some: Readonly<Record<string, (server: TestServer, built: BuiltState) => Promise<string>>>,
  built: BuiltState,
) => {
  const outcomes: Record<string, string> = {};
  for (const [name, way] of Object.entries(some)) outcomes[name] = await way(server, built);
  return outcomes;
};
const all = (some: object, outcome: string) => Object.fromEntries(Object.keys(some).map((name) => [name, outcome]));

async function expectReading(state: FileState, built: BuiltState): Promise<void> {
  const sees = is(state, 'sees') ? 'done' : 'NOT_FOUND';
  expect(await tryAll(ways.reading, built)).toEqual(all(ways.reading, sees));
  const ofTask = ways.hasTask(built) ? sees : 'NOT_FOUND';
  expect(await tryAll(ways.readingOfTask, built)).toEqual(all(ways.readingOfTask, ofTask));
}

async function expectLists(state: FileState, built: BuiltState): Promise<void> {
  expect(await ways.isListedAtAll(server, built)).toBe(is(state, 'sees'));
  for (const { id, isSeen } of built.places) {
    if (!isSeen) continue;
    for (const [name, list] of Object.entries(ways.listing)) {
      const listed = await list(server, built, id);
      if (listed) expect([name, id, listed]).toEqual([name, id, is(state, 'sees') ? [built.databaseId] : []]);
    }
  }
}

/** A hidden file is NOT_FOUND. A read-only key that names any file is FORBIDDEN to change it. */
function outcomeOf(state: FileState, column: string, isReadingFirst = false): string {
  if (is(state, column)) return 'done';
  return is(state, 'sees') || isReadingFirst ? 'FORBIDDEN' : 'NOT_FOUND';
}

/** What the schema says of the rights is what the table states. */
async function expectStatedRights(state: FileState, built: BuiltState): Promise<void> {
  if (!is(state, 'sees')) return;
  expect(await ways.statedRights(server, built)).toEqual({
    canEdit: is(state, 'changes'),
    canReview: is(state, 'reviews'),
    canRemove: is(state, 'removes'),
  });
}

async function expectChanging(state: FileState, built: BuiltState): Promise<void> {
  const outcome = outcomeOf(state, 'changes', state.key === 'READ');
  const { rename, ...uploads } = ways.changing;
  expect(await rename?.(server, built)).toBe(outcomeOf(state, 'changes'));
  expect(await tryAll(uploads, built)).toEqual(all(uploads, outcome));
  expect(await ways.review(server, built)).toBe(outcomeOf(state, 'reviews'));
}

/**
 * A user who sees a file may attach it where they edit, and gains no right by it. One who does not
 * see it cannot attach it.
 */
async function expectAttaching(state: FileState, built: BuiltState): Promise<void> {
  for (const [name, way] of Object.entries(ways.attaching)) {
    const outcome = state.key === 'READ' ? 'FORBIDDEN' : is(state, 'sees') ? 'done' : 'NOT_FOUND';
    expect([name, await way(server, built)]).toEqual([name, outcome]);
    if (outcome !== 'done') continue;
    await expectReading({ ...state }, { ...built, places: [...built.places, { id: built.ownTask, isSeen: true }] });
    expect(await ways.changing.rename?.(server, built)).toBe(outcomeOf(state, 'changes'));
    expect(await ways.changing['tus parentId']?.(server, built)).toBe(outcomeOf(state, 'changes'));
    if (!is(state, 'removes'))
      expect(await ways.removing['GraphQL removeFile']?.(server, built)).toBe(outcomeOf(state, 'removes'));
    expect(await ways.detachOwn(server, built)).toBe('done');
  }
}

async function expectRemoving(state: FileState, built: BuiltState, by: number): Promise<void> {
  const isOnTask = ways.hasTask(built);
  const some = Object.entries(ways.removing).filter(([name]) => isOnTask || !name.startsWith('Kanboard'));
  const tried = is(state, 'removes') ? [some[by % some.length] as (typeof some)[number]] : some;
  for (const [name, way] of tried)
    expect([name, await way(server, built)]).toEqual([name, outcomeOf(state, 'removes')]);
  if (is(state, 'removes')) expect(await ways.reading['GraphQL file']?.(server, built)).toBe('NOT_FOUND');
}

async function tryState(state: FileState, kind: PrimaryType, by: number): Promise<void> {
  const built = await build(server, cast, state, kind);
  await expectReading(state, built);
  await expectLists(state, built);
  await expectStatedRights(state, built);
  await expectChanging(state, built);
  // A file without a primary attachment gets one when its uploader attaches it: a new state.
  if (state.primary !== 'NONE') await expectAttaching(state, built);
  await expectRemoving(state, built, by);
}

describe('with the primary attachment on a task', () => {
  // A short run tries every second state; the parity of rules and SQL is tested in each.
  const some = fileStates.filter((_, index) => isFull || index % 2 === 0);
  test.each(some.map((state, index) => [titleOf(state), state, index] as const))('%s', (_title, state, index) =>
    tryState(state, 'Task', index),
  );
});

describe('with the primary attachment on an entity', () => {
  // A short run tries every third state.
  const some = fileStates
    .filter((_, index) => isFull || index % 3 === 0)
    .filter(({ primary, others }) => primary !== 'NONE' && ['-', 'edited'].includes(others ?? ''));
  test.each(some.map((state, index) => [titleOf(state), state, index] as const))('%s', (_title, state, index) =>
    tryState(state, index % 2 === 0 ? 'Contact' : 'Case', index),
  );
});
