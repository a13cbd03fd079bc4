import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isFull } from '../support/length.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { type BuiltState, build, type Cast, castOf, type HomeKind } from './file-state-server.ts';
import { type FileState, fileStates, titleOf } from './file-states.ts';
import * as ways from './file-transports.ts';

/**
 * Each state of the table, made by what users do, and then tried in every way there is to reach a file. However it is
 * reached, the answer is that of the table.
 */

let server: TestServer;
let cast: Cast;

beforeAll(async () => {
  server = await startTestServer();
  cast = await castOf(server);
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

/** Nobody is told of what they do not see; a key that only reads changes nothing, whatever it names. */
function outcomeOf(state: FileState, column: string, isReadingFirst = false): string {
  if (is(state, column)) return 'done';
  return is(state, 'sees') || isReadingFirst ? 'FORBIDDEN' : 'NOT_FOUND';
}

async function expectChanging(state: FileState, built: BuiltState): Promise<void> {
  const outcome = outcomeOf(state, 'changes', state.key === 'READ');
  const { rename, ...uploads } = ways.changing;
  expect(await rename?.(server, built)).toBe(outcomeOf(state, 'changes'));
  expect(await tryAll(uploads, built)).toEqual(all(uploads, outcome));
  expect(await ways.review(server, built)).toBe(outcomeOf(state, 'reviews'));
}

/** Whoever sees a file shows it where they edit; that adds no right, and whoever does not see it attaches nothing. */
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

async function tryState(state: FileState, kind: HomeKind, by: number): Promise<void> {
  const built = await build(server, cast, state, kind);
  await expectReading(state, built);
  await expectLists(state, built);
  await expectChanging(state, built);
  // A homeless file of the viewer's finds a home where it is attached: that is what belongs to it from then on.
  if (state.primary !== 'NONE') await expectAttaching(state, built);
  await expectRemoving(state, built, by);
}

describe('the home is a task', () => {
  test.each(fileStates.map((state, index) => [titleOf(state), state, index] as const))('%s', (_title, state, index) =>
    tryState(state, 'Task', index),
  );
});

describe('the home is an entity', () => {
  // In short, every third of them: each way is tried with every state of a task above.
  const some = fileStates
    .filter((_, index) => isFull || index % 3 === 0)
    .filter(({ primary, others }) => primary !== 'NONE' && ['-', 'edited'].includes(others ?? ''));
  test.each(some.map((state, index) => [titleOf(state), state, index] as const))('%s', (_title, state, index) =>
    tryState(state, index % 2 === 0 ? 'Contact' : 'Case', index),
  );
});
