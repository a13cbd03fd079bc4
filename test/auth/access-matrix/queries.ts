import { ask } from '../../support/client.ts';
import type { Right } from './rights.ts';
import { PROJECT, type World } from './world.ts';

/** A query or subscription, on what belongs to Alice. */
export interface QueryCase {
  right: Right;
  /** The field with its arguments and selection, aliased as `result`. */
  field(world: World): Promise<string>;
  /** Whether the result has the object; a list without it is NOT_FOUND. */
  contains?: boolean;
  about?: string;
}

const of = (right: Right, field: QueryCase['field'], more: Partial<QueryCase> = {}): QueryCase => ({
  right,
  field,
  ...more,
});

const newestFirst = 'orderBy: { field: CREATED_AT, direction: DESC }';

/**
 * The arguments with which a subscription delivers an event at once: it resumes after the first.
 */
async function resumed(world: World): Promise<string> {
  const on = await world.task();
  await world.file(on);
  await world.file(on);
  type Page = { fileEvents: { nodes: { cursor: string }[] } };
  const { fileEvents } = await ask<Page>(world.server, `{ fileEvents(on: "${on}", first: 1) { nodes { cursor } } }`);
  return `on: "${on}", after: "${fileEvents.nodes[0]?.cursor}"`;
}

export const subscriptions: Readonly<Record<string, QueryCase>> = {
  fileAdded: of('see', async (world) => `fileAdded(${await resumed(world)}) { cursor }`),
  fileEvents: of('see', async (world) => `fileEvents(${await resumed(world)}) { cursor }`),
};

/** Every query of the schema. What a list has to contain is marked with `# id`. */
export const queries: Readonly<Record<string, QueryCase | QueryCase[]>> = {
  viewer: of('read', async () => 'viewer { id }'),
  viewerScope: of('read', async () => 'viewerScope'),
  user: of('read', async ({ alice }) => `user(id: "${alice.id}") { id }`),
  users: of('read', async () => 'users(first: 1) { nodes { id } }'),
  categories: of('read', async () => 'categories(first: 1) { nodes { id } }'),
  currencies: of('read', async () => 'currencies { abbreviation }'),
  auditLog: of('admin', async () => 'auditLog(first: 1) { nodes { id } }'),
  share: of('share', async () => 'share { name }'),

  project: of('see', async () => `project(id: "${PROJECT}") { id }`),
  projects: of('see', async () => `projects(first: 100) { nodes { id } } # ${PROJECT}`, { contains: true }),
  task: of('see', async (world) => `task(id: "${await world.task()}") { id }`),
  tasks: [
    of('see', async (world) => `tasks(projectId: "${PROJECT}", last: 1) { nodes { id } } # ${await world.task()}`, {
      contains: true,
    }),
    of('see', async (world) => `tasks(last: 1) { nodes { id } } # ${await world.task()}`, {
      about: 'of all projects',
      contains: true,
    }),
  ],
  entity: of('see', async (world) => `entity(id: "${await world.entity()}") { id }`),
  entities: of('see', async (world) => `entities(type: CONTACT, last: 1) { nodes { id } } # ${await world.entity()}`, {
    contains: true,
  }),
  file: of('see', async (world) => `file(id: "${(await world.file()).id}") { id content }`),
  files: of('see', async (world) => `files(first: 1, ${newestFirst}) { nodes { id } } # ${(await world.file()).id}`, {
    contains: true,
  }),
  // The URL reveals nothing: the user who opens it has to see the files.
  zipUrl: of('read', async (world) => `zipUrl(fileIds: ["${(await world.file()).id}"], expiresIn: 60)`),
  fileEvents: of('see', async (world) => `fileEvents(on: "${await world.task()}") { nodes { cursor } }`),
  node: [
    of('see', async (world) => `node(id: "${(await world.file()).id}") { id }`),
    of('account', async (world) => `node(id: "${await world.upload()}") { id }`, { about: 'UnfinishedUpload' }),
  ],
  nodes: of('see', async (world) => `nodes(ids: ["${(await world.file()).id}"]) { id }`),
};
