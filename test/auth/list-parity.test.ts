import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readingContext } from '../../scripts/support/reading-context.ts';
import type { Database } from '../../src/database/database.ts';
import { entityTypes, type File } from '../../src/database/entities/index.ts';
import { openDatabase } from '../../src/database/open.ts';
import type { Row } from '../../src/database/rows.ts';
import { topicOf } from '../../src/events/topic.ts';
import type { FileFilter } from '../../src/files/file-filter.ts';
import { listFiles } from '../../src/files/list-files.ts';
import { loadFileAccess } from '../../src/files/load-files.ts';
import { loadAttachables } from '../../src/workspace/attachable.ts';
import { listEntities } from '../../src/workspace/entity-list.ts';
import { listProjects } from '../../src/workspace/projects.ts';
import { listTasks } from '../../src/workspace/tasks.ts';
import { createPlace } from '../support/database.ts';
import { createRandomWorkspace, type RandomWorkspace } from './random-workspace.ts';

/**
 * Lists read what a user may see from memberships, access lists and indexes. These tests compare
 * them with what the user may see one by one, in random workspaces: each order and direction, pages
 * forward and backward.
 */

const PAGE = 16;
const SEEDS = [1, 2];

/** https://en.wikipedia.org/wiki/Linear_congruential_generator with the numbers of C++'s minstd. */
function randomOf(seed: number): () => number {
  let state = seed * 7919;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const orders = (['createdAt', 'nameKey', 'size'] as const).flatMap((by) =>
  (['ASC', 'DESC'] as const).map((direction) => ({ by, direction })),
);
const filters: FileFilter[] = [{}, { nameContains: '2', available: false }];

interface Pages<Item, Key> {
  page(request: { limit: number; after?: Key; before?: Key; inverted?: boolean }): Promise<Item[]>;
  count(): Promise<number>;
}

/** All items, read in pages forward and backward, which have to be the same, and the count. */
async function readAll<Item, Key>(list: Pages<Item, Key>, keyOf: (item: Item) => Key): Promise<Item[]> {
  const forward: Item[] = [];
  for (let page = await list.page({ limit: PAGE }); page.length > 0; ) {
    forward.push(...page);
    page = await list.page({ limit: PAGE, after: keyOf(page.at(-1) as Item) });
  }
  const backward: Item[] = [];
  for (let page = await list.page({ limit: PAGE, inverted: true }); page.length > 0; ) {
    backward.push(...page);
    page = await list.page({ limit: PAGE, inverted: true, before: keyOf(page.at(-1) as Item) });
  }
  expect(backward.toReversed().map(keyOf)).toEqual(forward.map(keyOf));
  expect(await list.count()).toBe(forward.length);
  return forward;
}

describe.each(SEEDS)('random workspace %i', (seed) => {
  let place: Awaited<ReturnType<typeof createPlace>>;
  let database: Database;
  let workspace: RandomWorkspace;

  beforeAll(async () => {
    place = await createPlace();
    database = await openDatabase(place.place);
    await database.migrate();
    workspace = await createRandomWorkspace(database.em(), randomOf(seed));
    // Statements have to be right with statistics and without.
    if (seed % 2 === 0) await database.em().execute('analyze');
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  const contextOf = (userId: number) => readingContext(database, { userId, isAdmin: false, scope: 'WRITE' });

  test.each(orders)('the pages by $by $direction are the files that the user sees, in order', async (order) => {
    for (const { id } of workspace.users) {
      const ctx = contextOf(id);
      const access = await loadFileAccess(
        ctx,
        workspace.files.map((file) => file.id),
      );
      const sorted = [...access.values()].map(({ file }) => file).toSorted(comparing(order));
      for (const filter of filters) {
        const list = listFiles(ctx, filter, order);
        const found = await readAll(list, list.keyOf);
        const expected = sorted.filter((file) => passes(file, filter));
        expect([id, filter, found.map((file) => file.id)]).toEqual([id, filter, expected.map((file) => file.id)]);
      }
    }
  });

  test('the pages of projects, tasks and entities are those that the user sees, in order', async () => {
    for (const { id: userId } of workspace.users) {
      const ctx = contextOf(userId);
      const seen = [...(await loadAttachables(ctx, workspace.attachables)).values()].map(({ ref }) => ref);
      const idsOf = (type: string) =>
        seen
          .filter((ref) => ref.type === type)
          .map(({ id }) => id)
          .toSorted((a, b) => a - b);
      const byId = ({ id }: { id: number }) => id;
      expect((await readAll(listProjects(ctx), byId)).map(byId)).toEqual(idsOf('Project'));
      expect((await readAll(listTasks(ctx), byId)).map(byId)).toEqual(idsOf('Task'));
      for (const type of entityTypes) {
        const list = listEntities(ctx, type);
        const found = await readAll(list, ({ id }) => ({ type, id }));
        expect(found.map(byId)).toEqual(idsOf(type));
      }
      expect(await listEntities(ctx).count()).toBe(entityTypes.flatMap(idsOf).length);
    }
  });

  test('each user sees other files, and some are on places that the user does not see', async () => {
    const counts = await Promise.all(
      workspace.users.map(({ id }) => listFiles(contextOf(id), {}, orders[0] as (typeof orders)[number]).count()),
    );
    expect(new Set(counts).size).toBe(counts.length);
    expect(Math.min(...counts)).toBeGreaterThan(PAGE);
    expect(Math.max(...counts)).toBeLessThan(workspace.files.length);
    expect(new Set(workspace.attachables.map(topicOf)).size).toBe(workspace.attachables.length);
  });
});

function comparing({ by, direction }: (typeof orders)[number]) {
  const sign = direction === 'ASC' ? 1 : -1;
  return (a: Row<File>, b: Row<File>): number => {
    const [left, right] = [a[by].valueOf(), b[by].valueOf()];
    return sign * (left < right ? -1 : left > right ? 1 : a.id - b.id);
  };
}

const passes = (file: Row<File>, { nameContains, available, createdBy }: FileFilter): boolean =>
  (nameContains === undefined || file.nameKey.includes(nameContains)) &&
  (available === undefined || file.available === available) &&
  (createdBy === undefined || file.createdBy.id === createdBy);
