import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readingContext } from '../../scripts/support/reading-context.ts';
import type { Viewer } from '../../src/auth/permissions.ts';
import type { Database, EntityManager } from '../../src/database/database.ts';
import { type AttachableType, attachableTypes, entityTypes } from '../../src/database/entities/index.ts';
import { openDatabase } from '../../src/database/open.ts';
import { type Topic, topicOf } from '../../src/events/topic.ts';
import { listAttachments, listFiles } from '../../src/files/list-files.ts';
import { findVisibleFiles, loadFileAccess } from '../../src/files/load-files.ts';
import { loadAttachables } from '../../src/workspace/attachable.ts';
import { canUserSeePlace, draftsVisibleTo } from '../../src/workspace/attachables/places.ts';
import { listEntities } from '../../src/workspace/entity-list.ts';
import { listProjects } from '../../src/workspace/projects.ts';
import { listTasks } from '../../src/workspace/tasks.ts';
import { createPlace } from '../support/database.ts';
import { type AttachableState, createStates, isFileVisible } from './access-states.ts';

/**
 * `auth/permissions.ts` decides what a viewer sees, and the SQL of lists and counts decides it
 * again. These tests compare both on every attachable type in every state that the rules
 * distinguish, and on files in every state on them.
 */

const LIMIT = 100_000;

let place: Awaited<ReturnType<typeof createPlace>>;
let database: Database;
let states: Awaited<ReturnType<typeof createStates>>;

beforeAll(async () => {
  place = await createPlace();
  database = await openDatabase(place.place);
  await database.migrate();
  states = await createStates(database.em());
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

const viewers = {
  user: (): Viewer => ({ userId: states.user.id, isAdmin: false, scope: 'WRITE' }),
  'user with a key that only reads': (): Viewer => ({ userId: states.user.id, isAdmin: false, scope: 'READ' }),
  administrator: (): Viewer => ({ userId: states.user.id, isAdmin: true, scope: 'ADMIN' }),
};

describe.each(Object.entries(viewers))('%s', (_name, viewerOf) => {
  const contextOf = (viewer: Viewer) => readingContext(database, viewer);
  const titled = (entries: Iterable<readonly [AttachableState, unknown]>) =>
    Object.fromEntries([...entries].map(([one, value]) => [`${one.title} (${topicOf(one.ref)})`, value]));
  const visibleTopics = (viewer: Viewer, types: readonly AttachableType[]): Topic[] =>
    states.attachables
      .filter(({ ref, rights }) => types.includes(ref.type) && rights(viewer).canSee)
      .map(({ ref }) => topicOf(ref))
      .sort();

  test('gets on every attachable the access that the policy grants', async () => {
    const viewer = viewerOf();
    const loaded = await loadAttachables(
      contextOf(viewer),
      states.attachables.map(({ ref }) => ref),
    );
    const found = states.attachables.map((one) => {
      const access = loaded.get(topicOf(one.ref));
      const { isEditor, canEdit, canManage } = access ?? {};
      return [one, access ? { canSee: true, isEditor, canEdit, canManage } : 'hidden'] as const;
    });
    const expected = states.attachables.map((one) => {
      const rights = one.rights(viewer);
      return [one, rights.canSee ? rights : 'hidden'] as const;
    });
    expect(titled(found)).toEqual(titled(expected));
  });

  test('lists exactly the attachables that the policy shows', async () => {
    const viewer = viewerOf();
    const ctx = contextOf(viewer);
    for (const type of entityTypes) {
      const list = listEntities(ctx, type);
      const listed = (await list.page({ limit: LIMIT })).map(({ id }) => topicOf({ type, id }));
      expect(listed.sort()).toEqual(visibleTopics(viewer, [type]));
      expect(await list.count()).toBe(listed.length);
    }
    const inLists = async (
      type: AttachableType,
      list: ReturnType<typeof listProjects> | ReturnType<typeof listTasks>,
    ) => {
      const known = new Set(states.attachables.map(({ ref }) => topicOf(ref)));
      const all = (await list.page({ limit: LIMIT })).map(({ id }) => topicOf({ type, id }));
      expect(await list.count()).toBe(all.length);
      return all.filter((topic) => known.has(topic)).sort();
    };
    expect(await inLists('Project', listProjects(ctx))).toEqual(visibleTopics(viewer, ['Project']));
    expect(await inLists('Task', listTasks(ctx))).toEqual(visibleTopics(viewer, ['Task']));
  });

  test('finds by id, and in the list of all files, exactly the files that the policy shows', async () => {
    const viewer = viewerOf();
    const ctx = contextOf(viewer);
    const expected = states.files.filter((file) => isFileVisible(viewer, file)).map(({ id }) => id);
    const ids = states.files.map(({ id }) => id);
    expect([...(await loadFileAccess(ctx, ids)).keys()].sort(byNumber)).toEqual(expected);
    expect([...(await findVisibleFiles(ctx, ids)).keys()].sort(byNumber)).toEqual(expected);
    const list = listFiles(ctx, {}, { by: 'createdAt', direction: 'ASC' });
    expect((await list.page({ limit: LIMIT })).map(({ id }) => id).sort(byNumber)).toEqual(expected);
    expect(await list.count()).toBe(expected.length);
  });

  test('lists on each attachable exactly the files there that the policy shows', async () => {
    const viewer = viewerOf();
    const ctx = contextOf(viewer);
    for (const one of states.attachables.filter(({ rights }) => rights(viewer).canSee)) {
      const here = states.files.filter(({ primary, others }) => primary === one || others.includes(one));
      const expected = here.filter((file) => isFileVisible(viewer, file)).map(({ id }) => id);
      const list = listAttachments(ctx, one, {}, { by: 'createdAt', direction: 'ASC' }, false);
      const listed = (await list.page({ limit: LIMIT })).map(({ file }) => file.id).sort(byNumber);
      expect([one.title, listed]).toEqual([one.title, expected]);
    }
  });
});

const byNumber = (a: number, b: number) => a - b;

test('SQL shows a user the attachables, and the unavailable files on them, that the policy shows', async () => {
  const viewer = viewers.user();
  const em = database.em();
  const found: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const { title, ref, place, rights } of states.attachables) {
    const { canSee, isEditor } = rights(viewer);
    const attached = { ...place, onType: ref.type, onId: ref.id };
    const name = `${title} (${topicOf(ref)})`;
    expected[name] = { place: canSee, 'own drafts': canSee, 'drafts of others': isEditor };
    found[name] = {
      place: await canUserSeePlace(em, states.user.id, attached),
      'own drafts': await seesDraft(em, attached, states.user.id),
      'drafts of others': await seesDraft(em, attached, states.other.id),
    };
  }
  expect(found).toEqual(expected);
});

async function seesDraft(
  em: EntityManager,
  { projectId, onType, onId }: { projectId: number | null; onType: string; onId: number },
  uploaderId: number,
): Promise<boolean> {
  const { sql, params } = draftsVisibleTo(states.user.id);
  const rows: object[] = await em.execute(
    `select h.on_id from (
       select cast(? as integer) as project_id, cast(? as varchar(20)) as on_type, cast(? as integer) as on_id
     ) h cross join (select cast(? as integer) as created_by_id) f where ${sql}`,
    [projectId, onType, onId, uploaderId, ...params],
  );
  return rows.length > 0;
}

test('the states include every attachable type visible and hidden, and both visible and hidden files', () => {
  const viewer = viewers.user();
  for (const type of attachableTypes) {
    const seen = states.attachables.filter(({ ref }) => ref.type === type).map(({ rights }) => rights(viewer));
    expect([type, new Set(seen.map(({ canSee }) => canSee)).size]).toEqual([type, 2]);
    expect([type, new Set(seen.map(({ isEditor }) => isEditor)).size]).toEqual([type, 2]);
    expect([type, new Set(seen.map(({ canManage }) => canManage)).size]).toEqual([type, 2]);
  }
  const shown = states.files.filter((file) => isFileVisible(viewer, file)).length;
  expect(shown).toBeGreaterThan(states.files.length / 10);
  expect(shown).toBeLessThan((states.files.length * 9) / 10);
});
