import { expect, test } from 'vitest';
import { graphql } from '../generated/index.ts';
import { ask } from '../support/client.ts';
import { createCategory, createLinkedTask, deleteCategory } from '../support/entities.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const categories = graphql(`
  query Categories($first: Int, $after: String, $last: Int, $before: String) {
    categories(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage }
      edges { cursor node { title sortOrder } }
    }
  }
`);

const updateCategory = graphql(`
  mutation UpdateCategory($input: UpdateCategoryInput!) {
    updateCategory(input: $input) {
      category { id title description imagePath color sortOrder }
    }
  }
`);

const node = graphql(`
  query CategoryNode($id: ID!) {
    node(id: $id) { ... on Category { id title } }
  }
`);

const currencies = graphql(`
  query Currencies {
    currencies { abbreviation title symbol cultureName isConvertible isBasic }
  }
`);

test('an administrator creates, updates and deletes a category that every user may read', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const input = {
    title: 'Call',
    description: 'Spoken with',
    imagePath: '/images/call.png',
    color: '#2f80ed',
    sortOrder: 5,
  };
  const { category } = (await ask(server, createCategory, { input })).createCategory;
  expect(category).toEqual({ id: `Category:${category.databaseId}`, databaseId: category.databaseId, ...input });
  expect((await ask(server, node, { id: category.id }, bob.key)).node).toEqual({ id: category.id, title: 'Call' });

  const update = async (changes: object) =>
    (await ask(server, updateCategory, { input: { categoryId: category.id, ...changes } })).updateCategory.category;
  expect(await update({ title: 'Telephone', description: null })).toEqual({
    id: category.id,
    ...input,
    title: 'Telephone',
  });
  expect(await update({ imagePath: null, color: null })).toMatchObject({ imagePath: null, color: null, sortOrder: 5 });

  const deleted = await ask(server, deleteCategory, { categoryId: category.id });
  expect(deleted.deleteCategory.deletedId).toBe(category.id);
  const { errors } = await server.query(node, { id: category.id });
  expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
});

const categoryOfTask = graphql(`
  query CategoryOfTask($id: ID!) {
    task(id: $id) { title category { title } }
  }
`);

test('deleting a category leaves its tasks without a category', async () => {
  await using server = await startTestServer();
  const { category } = (await ask(server, createCategory, { input: { title: 'Call' } })).createCategory;
  const input = { projectId: 'Project:1', title: 'Call her', categoryId: category.id };
  const { id } = (await ask(server, createLinkedTask, { input })).createTask.task;
  const found = async () => (await ask(server, categoryOfTask, { id })).task;
  expect(await found()).toEqual({ title: 'Call her', category: { title: 'Call' } });
  await ask(server, deleteCategory, { categoryId: category.id });
  expect(await found()).toEqual({ title: 'Call her', category: null });
});

test('categories are listed by sortOrder and paged forward and backward', async () => {
  await using server = await startTestServer();
  for (const [title, sortOrder] of [
    ['d', 7],
    ['b', 1],
    ['a', 0],
    ['c', 1],
    ['e', undefined],
  ] as const) {
    await ask(server, createCategory, { input: { title, ...(sortOrder === undefined ? {} : { sortOrder }) } });
  }
  const all = (await ask(server, categories)).categories;
  expect(all.totalCount).toBe(5);
  expect(all.edges.map(({ node }) => node.title).join('')).toBe('abcde');
  expect(all.edges.at(-1)?.node.sortOrder).toBe(8);

  const read = async (page: object) => {
    const { edges, pageInfo } = (await ask(server, categories, page)).categories;
    return { titles: edges.map(({ node }) => node.title).join(''), ...pageInfo };
  };
  const cursors = all.edges.map(({ cursor }) => cursor);
  expect(await read({ first: 2, after: cursors[1] })).toMatchObject({ titles: 'cd', hasNextPage: true });
  expect(await read({ first: 2, after: cursors[3] })).toMatchObject({ titles: 'e', hasNextPage: false });
  expect(await read({ last: 2, before: cursors[2] })).toMatchObject({ titles: 'ab', hasPreviousPage: false });
  const wrong = await server.query(categories, { after: Buffer.from('[7]').toString('base64url') });
  expect(wrong.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

test('a user who is no administrator gets FORBIDDEN for every change of categories', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob');
  const { category } = (await ask(server, createCategory, { input: { title: 'Call' } })).createCategory;
  const refused = [
    await server.query(createCategory, { input: { title: 'Mine' } }, bob.key),
    await server.query(updateCategory, { input: { categoryId: category.id, title: 'Mine' } }, bob.key),
    await server.query(deleteCategory, { categoryId: category.id }, bob.key),
  ];
  for (const { errors } of refused) expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect((await ask(server, categories)).categories.edges).toMatchObject([{ node: { title: 'Call' } }]);
});

test.each([
  ['a color that is a word', { color: 'blue' }],
  ['an empty title', { title: '' }],
  ['a picture without a place', { imagePath: ' ' }],
])('createCategory rejects %s with BAD_USER_INPUT', async (_what, changes) => {
  await using server = await startTestServer();
  const { errors } = await server.query(createCategory, { input: { title: 'Call', ...changes } });
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

test('updating a category that does not exist is NOT_FOUND', async () => {
  await using server = await startTestServer();
  const { errors } = await server.query(updateCategory, { input: { categoryId: 'Category:77', title: 'Call' } });
  expect(errors?.[0]).toMatchObject({
    extensions: { code: 'NOT_FOUND' },
    message: expect.stringContaining('Category:77'),
  });
});

test('the first start adds the common currencies in order, and a restart does not add them again', async () => {
  await using folder = await temporaryFolder('currencies');
  const first = await startTestServer({ DATA_DIR: folder.path });
  const known = (await ask(first, currencies)).currencies;
  const abbreviations = known.map(({ abbreviation }) => abbreviation);
  expect(abbreviations).toEqual([...new Set(abbreviations)].sort());
  expect(abbreviations.length).toBeGreaterThanOrEqual(30);
  expect(known.find(({ abbreviation }) => abbreviation === 'EUR')).toEqual({
    abbreviation: 'EUR',
    title: 'Euro',
    symbol: '€',
    cultureName: 'EU',
    isConvertible: true,
    isBasic: true,
  });
  expect(known.find(({ abbreviation }) => abbreviation === 'INR')).toMatchObject({
    isConvertible: false,
    isBasic: false,
  });

  await first[Symbol.asyncDispose]();
  await using again = await startTestServer({ DATA_DIR: folder.path });
  expect((await ask(again, currencies)).currencies).toEqual(known);
});
