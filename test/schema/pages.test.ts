import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { graphql } from '../generated/index.ts';
import { ask } from '../support/client.ts';
import { removeFile, taskFiles } from '../support/documents.ts';
import { uploadFile, uploadFiles } from '../support/files.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const entitiesPage = graphql(`
  query EntitiesPage($type: EntityType, $first: Int, $after: String, $last: Int, $before: String) {
    entities(type: $type, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id } }
      nodes { id }
    }
  }
`);

const projectsPage = graphql(`
  query ProjectsPage($first: Int, $after: String) {
    projects(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { id tasks(first: 1) { totalCount pageInfo { hasNextPage } nodes { id } } }
    }
  }
`);

interface PageArgs {
  first?: number;
  after?: string | null;
  last?: number;
  before?: string | null;
}

interface Page {
  totalCount: number;
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor?: string | null | undefined;
    endCursor?: string | null | undefined;
  };
  edges: { cursor: string; node: { id: string } }[];
}

const idsOf = (page: Page) => page.edges.map((edge) => edge.node.id);

/** Reads a whole list forward in pages of `first`, and checks the `pageInfo` of each page. */
async function readForwards(read: (args: PageArgs) => Promise<Page>, first: number): Promise<Page[]> {
  const pages: Page[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const page = await read({ first, after });
    expect(page.pageInfo.startCursor ?? undefined).toBe(page.edges.at(0)?.cursor);
    expect(page.pageInfo.endCursor ?? undefined).toBe(page.edges.at(-1)?.cursor);
    expect(page.pageInfo.hasPreviousPage).toBe(pages.length > 0);
    pages.push(page);
    after = page.pageInfo.endCursor ?? null;
    more = page.pageInfo.hasNextPage;
  }
  return pages;
}

/** The same from the end: the last page comes first, each page in the order of the list. */
async function readBackwards(read: (args: PageArgs) => Promise<Page>, last: number): Promise<Page[]> {
  const pages: Page[] = [];
  for (let before: string | null = null, more = true; more; ) {
    const page = await read({ last, before });
    expect(page.pageInfo.startCursor ?? undefined).toBe(page.edges.at(0)?.cursor);
    expect(page.pageInfo.endCursor ?? undefined).toBe(page.edges.at(-1)?.cursor);
    expect(page.pageInfo.hasNextPage).toBe(pages.length > 0);
    pages.push(page);
    before = page.pageInfo.startCursor ?? null;
    more = page.pageInfo.hasPreviousPage;
  }
  return pages;
}

async function uploadMany(server: TestServer, count: number): Promise<string[]> {
  const parts = Array.from({ length: count }, (_, index) => ({ name: `${index}.txt`, content: String(index) }));
  return (await uploadFiles(server, 'Task:1', parts)).files.map((file) => file.id);
}

const filesOf = (server: TestServer) => async (args: PageArgs) => {
  const { task } = await ask(server, taskFiles, { id: 'Task:1', ...args });
  if (!task) throw new Error('There is no task.');
  return task.files;
};

const entitiesOf =
  (server: TestServer, type?: 'CONTACT' | 'OPPORTUNITY' | 'CASE') =>
  async (args: PageArgs): Promise<Page> =>
    (await ask(server, entitiesPage, { ...args, ...(type ? { type } : {}) })).entities;

/** Three more entities of each type, so that pages span two types. */
async function createEntities(server: TestServer) {
  const fields = ['a', 'b', 'c'].map(
    (name) => `
      ${name}1: createCase(input: { title: "${name}" }) { case { id } }
      ${name}2: createContact(input: { displayName: "${name}" }) { contact { id } }
      ${name}3: createOpportunity(input: { title: "${name}" }) { opportunity { id } }`,
  );
  await ask(server, parse(`mutation { ${fields.join('')} }`) as never);
  return ['Contact', 'Opportunity', 'Case'].flatMap((type) => [1, 2, 3, 4].map((id) => `${type}:${id}`));
}

test('files are paged forward in the order in which they were uploaded', async () => {
  await using server = await startTestServer();
  const ids = await uploadMany(server, 7);
  const pages = await readForwards(filesOf(server), 3);
  expect(pages.map((page) => page.edges.length)).toEqual([3, 3, 1]);
  expect(pages.flatMap(idsOf)).toEqual(ids);
  expect(pages.map((page) => page.totalCount)).toEqual([7, 7, 7]);
});

test('files are paged backward, each page in the order of the list', async () => {
  await using server = await startTestServer();
  const ids = await uploadMany(server, 7);
  const pages = await readBackwards(filesOf(server), 3);
  expect(pages.map((page) => page.edges.length)).toEqual([3, 3, 1]);
  expect(pages.toReversed().flatMap(idsOf)).toEqual(ids);
});

test('a full last page has no next page', async () => {
  await using server = await startTestServer();
  await uploadMany(server, 6);
  expect(await readForwards(filesOf(server), 3)).toHaveLength(2);
  expect(await readBackwards(filesOf(server), 3)).toHaveLength(2);
  expect(await readForwards(filesOf(server), 6)).toHaveLength(1);
});

test('a cursor keeps its position when files are added and removed, its own file included', async () => {
  await using server = await startTestServer();
  const ids = await uploadMany(server, 6);
  const read = filesOf(server);
  const page = await read({ first: 3 });
  for (const fileId of [ids[0] ?? '', ids[2] ?? '', ids[3] ?? '']) await ask(server, removeFile, { fileId });
  const added = await uploadFile(server, 'Task:1', { name: 'new.txt', content: 'new' });
  const next = await read({ first: 3, after: page.pageInfo.endCursor ?? null });
  expect(idsOf(next)).toEqual([ids[4], ids[5], added.id]);
});

test('after and before together select the items between two cursors, from either end', async () => {
  await using server = await startTestServer();
  const ids = await uploadMany(server, 6);
  const read = filesOf(server);
  const cursors = (await read({ first: 6 })).edges.map((edge) => edge.cursor);
  const window = { after: cursors[0] ?? '', before: cursors[5] ?? '' };
  expect(idsOf(await read({ first: 2, ...window }))).toEqual([ids[1], ids[2]]);
  expect(idsOf(await read({ last: 2, ...window }))).toEqual([ids[3], ids[4]]);
  expect(idsOf(await read({ first: 2, before: cursors[5] ?? '' }))).toEqual([ids[0], ids[1]]);
  expect(idsOf(await read({ last: 2, after: cursors[0] ?? '' }))).toEqual([ids[4], ids[5]]);
  expect(idsOf(await read({ before: cursors[2] ?? '' }))).toEqual([ids[0], ids[1]]);
});

test('pages of entities span contacts, opportunities and cases in this order', async () => {
  await using server = await startTestServer();
  const ids = await createEntities(server);
  for (const size of [1, 3, 4, 5, 12, 13]) {
    const pages = await readForwards(entitiesOf(server), size);
    expect(pages.flatMap(idsOf)).toEqual(ids);
    expect(pages[0]?.totalCount).toBe(12);
    const backwards = await readBackwards(entitiesOf(server), size);
    expect(backwards.toReversed().flatMap(idsOf)).toEqual(ids);
  }
});

test('entities of one type are paged forward and backward', async () => {
  await using server = await startTestServer();
  const ids = (await createEntities(server)).filter((id) => id.startsWith('Opportunity:'));
  const read = entitiesOf(server, 'OPPORTUNITY');
  const pages = await readForwards(read, 3);
  expect(pages.flatMap(idsOf)).toEqual(ids);
  expect(pages[0]?.totalCount).toBe(4);
  expect((await readBackwards(read, 3)).toReversed().flatMap(idsOf)).toEqual(ids);
});

test('projects and the tasks of each project are paged independently', async () => {
  await using server = await startTestServer();
  const made = 'createProject(input: { title: "P" }) { project { id } }';
  await ask(server, parse(`mutation { a: ${made} b: ${made} }`) as never);
  const { projects: first } = await ask(server, projectsPage, { first: 2 });
  expect(first).toMatchObject({
    pageInfo: { hasNextPage: true },
    nodes: [
      { id: 'Project:1', tasks: { totalCount: 2, pageInfo: { hasNextPage: true }, nodes: [{ id: 'Task:1' }] } },
      { id: 'Project:2', tasks: { totalCount: 0, pageInfo: { hasNextPage: false }, nodes: [] } },
    ],
  });
  const { projects: second } = await ask(server, projectsPage, { first: 2, after: first.pageInfo.endCursor ?? null });
  expect(second).toMatchObject({ pageInfo: { hasNextPage: false }, nodes: [{ id: 'Project:3' }] });
});
