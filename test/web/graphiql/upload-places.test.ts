import { buildSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { operationOf } from '../../../src/web/graphiql/execution/operation.ts';
import { multipartForm } from '../../../src/web/graphiql/files/multipart.ts';
import { uploadPlaces } from '../../../src/web/graphiql/files/upload-places.ts';
import { withValueAt } from '../../../src/web/graphiql/files/variables.ts';

const schema = buildSchema(`
  scalar Upload
  input Item { title: String, file: Upload!, more: [Item!] }
  input Tree { name: String, files: [Upload!]!, child: Tree, items: [Item!] }
  type Query { f(a: Upload, b: [Upload!]!, c: Tree, d: [Item!]!, e: Int): Int }
`);

function placesOf(query: string, variables?: unknown) {
  const operation = operationOf(query, undefined);
  if (!operation) throw new Error('The query is not valid.');
  return uploadPlaces(schema, operation, variables).map(({ path, type, isList }) => [path, type, isList]);
}

describe('the places for files', () => {
  test('are variables of the type Upload and lists of them', () => {
    expect(placesOf('query ($one: Upload, $some: [Upload!]!, $n: Int) { f(a: $one, b: $some, e: $n) }')).toEqual([
      ['one', 'Upload', false],
      ['some', '[Upload!]!', true],
    ]);
  });

  test('are inside input objects, which may contain themselves', () => {
    expect(placesOf('query ($tree: Tree) { f(c: $tree) }')).toEqual([
      ['tree.files', '[Upload!]!', true],
      ['tree.items.0.file', 'Upload!', false],
    ]);
  });

  test('are in each item that the variables have', () => {
    const variables = { items: [{ title: 'one' }, { title: 'two' }] };
    expect(placesOf('query ($items: [Item!]!) { f(d: $items) }', variables).map(([path]) => path)).toEqual([
      'items.0.file',
      'items.1.file',
    ]);
  });

  test('are none of unknown types and of operations without variables', () => {
    expect(placesOf('query ($what: Nothing) { f(a: $what) }')).toEqual([]);
    expect(placesOf('{ f }')).toEqual([]);
  });
});

test('a multipart request has null in the place of each file, and maps the files to them', () => {
  const [one, two] = [new File(['1'], 'one.txt'), new File(['2'], 'two.txt')];
  const form = multipartForm(
    { query: 'mutation …', variables: { input: { taskId: 'Task:1', files: [null] } } } as never,
    [
      { place: { path: 'input.files', type: '[Upload!]!', isList: true }, files: [one, two] },
      { place: { path: 'photo', type: 'Upload', isList: false }, files: [two] },
    ],
  );
  expect([...form.keys()]).toEqual(['operations', 'map', '0', '1', '2']);
  expect(JSON.parse(String(form.get('operations')))).toEqual({
    query: 'mutation …',
    variables: { input: { taskId: 'Task:1', files: [null, null] }, photo: null },
  });
  expect(JSON.parse(String(form.get('map')))).toEqual({
    0: ['variables.input.files.0'],
    1: ['variables.input.files.1'],
    2: ['variables.photo'],
  });
  expect((form.get('1') as File).name).toBe('two.txt');
});

test('a value is set at a path in a copy of the variables', () => {
  const variables = { items: [{ title: 'one' }], name: 'kept' };
  expect(withValueAt(variables, 'items.1.file', null)).toEqual({
    items: [{ title: 'one' }, { file: null }],
    name: 'kept',
  });
  expect(withValueAt(undefined, 'input.files', [null])).toEqual({ input: { files: [null] } });
  expect(variables).toEqual({ items: [{ title: 'one' }], name: 'kept' });
});
