import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorOf } from '../support/client.ts';
import { attach, type Listed, list, listQuery, uploadFiles } from '../support/files.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Sixty files on a contact: twenty names in two cases, three sizes, three upload requests. */
let server: TestServer;
const ON = 'Contact:1';

beforeAll(async () => {
  server = await startTestServer();
  for (let request = 0; request < 3; request += 1) {
    const parts = Array.from({ length: 20 }, (_, index) => ({
      name: `${request === 1 ? 'NAME' : 'name'} ${(index * 7) % 10}`,
      content: 'x'.repeat((index % 3) * 5),
    }));
    await uploadFiles(server, ON, parts);
  }
});

afterAll(() => server[Symbol.asyncDispose]());

const fields = ['CREATED_AT', 'NAME', 'SIZE'] as const;
const directions = ['ASC', 'DESC'] as const;
const orders = fields.flatMap((field) => directions.map((direction) => ({ field, direction })));
const asText = ({ field, direction }: (typeof orders)[number]) =>
  `orderBy: { field: ${field}, direction: ${direction} }`;

const keys = {
  CREATED_AT: (node: Listed['edges'][number]['node']) => Date.parse(node.createdAt),
  NAME: (node: Listed['edges'][number]['node']) => node.name.toLowerCase(),
  SIZE: (node: Listed['edges'][number]['node']) => node.size,
};

const places = [ON, null];
const idsIn = ({ edges }: Listed) => edges.map(({ node }) => node.id);

for (const on of places) {
  const where = on ?? 'the root';

  test.each(orders)(
    `sixty files at ${where} are sorted by $field $direction, with a stable order among equals`,
    async (order) => {
      const all = await list(server, on, `first: 100, ${asText(order)}`);
      expect(all.totalCount).toBe(60);
      expect(new Set(idsIn(all)).size).toBe(60);
      const values = all.edges.map(({ node }) => keys[order.field](node));
      const sign = order.direction === 'ASC' ? 1 : -1;
      expect(values).toEqual(values.toSorted((a, b) => (a < b ? -sign : a > b ? sign : 0)));
      const opposite = order.direction === 'ASC' ? 'DESC' : 'ASC';
      const reversed = await list(server, on, `first: 100, ${asText({ ...order, direction: opposite })}`);
      expect(idsIn(reversed)).toEqual(idsIn(all).toReversed());
    },
  );

  test.each(orders)(`at ${where} by $field $direction, forward pages add up to the whole list`, async (order) => {
    const all = await list(server, on, `first: 100, ${asText(order)}`);
    const read: string[] = [];
    let after = '';
    for (;;) {
      const page = await list(server, on, `first: 7, ${asText(order)} ${after}`);
      read.push(...idsIn(page));
      expect(page.pageInfo.startCursor).toBe(page.edges[0]?.cursor);
      expect(page.pageInfo.hasNextPage).toBe(read.length < 60);
      if (!page.pageInfo.hasNextPage) break;
      after = `after: "${page.pageInfo.endCursor}"`;
    }
    expect(read).toEqual(idsIn(all));
  });

  test.each(orders)(`at ${where} by $field $direction, backward pages add up to the whole list`, async (order) => {
    const all = await list(server, on, `first: 100, ${asText(order)}`);
    const read: string[] = [];
    let before = '';
    for (;;) {
      const page = await list(server, on, `last: 7, ${asText(order)} ${before}`);
      read.unshift(...idsIn(page));
      expect(page.pageInfo.hasPreviousPage).toBe(read.length < 60);
      if (!page.pageInfo.hasPreviousPage) break;
      before = `before: "${page.pageInfo.startCursor}"`;
    }
    expect(read).toEqual(idsIn(all));
  });
}

test('the default order of files is CREATED_AT ASC', async () => {
  const plain = await list(server, ON, 'first: 100');
  expect(plain).toEqual(await list(server, ON, `first: 100, ${asText({ field: 'CREATED_AT', direction: 'ASC' })}`));
  expect(await list(server, ON, 'first: 100, orderBy: { field: SIZE }')).toEqual(
    await list(server, ON, 'first: 100, orderBy: { field: SIZE, direction: ASC }'),
  );
});

const mixed = fields.flatMap((given) => fields.filter((used) => used !== given).map((used) => ({ given, used })));

test.each(mixed)('a cursor of $given is rejected in the order of $used', async ({ given, used }) => {
  for (const on of places) {
    const { pageInfo } = await list(server, on, `first: 5, orderBy: { field: ${given} }`);
    for (const side of ['after', 'before']) {
      const args = `first: 5, orderBy: { field: ${used} }, ${side}: "${pageInfo.endCursor}"`;
      expect(await errorOf(server, listQuery(on, args))).toMatch(/^BAD_USER_INPUT: /);
    }
  }
});

test('a filtered list is paginated to its end', async () => {
  const filter = 'filter: { nameContains: "name 3" }, orderBy: { field: SIZE, direction: DESC }';
  const all = await list(server, ON, `first: 100, ${filter}`);
  expect(all.totalCount).toBe(6);
  const first = await list(server, ON, `first: 4, ${filter}`);
  const rest = await list(server, ON, `first: 4, after: "${first.pageInfo.endCursor}", ${filter}`);
  expect([...idsIn(first), ...idsIn(rest)]).toEqual(idsIn(all));
  expect([first.totalCount, rest.totalCount, rest.pageInfo.hasNextPage]).toEqual([6, 6, false]);
});

test('files attached elsewhere later are sorted there as well', async () => {
  const all = await list(server, ON, 'first: 100, orderBy: { field: NAME, direction: DESC }');
  await attach(server, 'Case:1', idsIn(all).slice(0, 30));
  const there = await list(server, 'Case:1', 'first: 100, orderBy: { field: NAME }');
  const names = there.edges.map(({ node }) => node.name.toLowerCase());
  expect(names).toEqual(names.toSorted());
  expect(there.totalCount).toBe(30);
});
