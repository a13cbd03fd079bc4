import { type GraphQLSchema, parse, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import { topics } from '../../../src/web/graphiql/examples/topics.ts';
import { operationOf } from '../../../src/web/graphiql/execution/operation.ts';
import { multipartForm } from '../../../src/web/graphiql/files/multipart.ts';
import { uploadPlaces } from '../../../src/web/graphiql/files/upload-places.ts';
import { en } from '../../../src/web/messages/en.ts';
import { execute, type GraphQLResult } from '../../support/client.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const examples = topics.flatMap((topic) => topic.examples);
type Example = (typeof examples)[number];

/** Examples that do not run on the demo workspace, and why. */
const notRun: Record<string, string> = {
  FinishUploadSession: 'needs the token of a session',
  CancelUpload: 'needs an unfinished upload',
  CreateUploadUrl: 'needs S3',
  CompleteUpload: 'needs S3',
  CreateUploadUrlAsGuest: 'needs S3 and an upload token',
  CompleteUploadAsGuest: 'needs S3 and an upload token',
  UploadAsGuest: 'needs an upload token as the key',
  SharedFiles: 'needs a share link as the key',
  NewFiles: 'is a subscription; graphiql-operations.full.test.ts runs it',
  AllChanges: 'is a subscription',
};

test('every example is valid, has a title, and the name of its operation', () => {
  for (const { name, query } of examples) {
    expect([name, validate(schema, parse(query))]).toEqual([name, []]);
    expect(operationOf(query, name)?.name?.value).toBe(name);
    expect(en.explorer.examples[name]).toMatch(/\w/);
  }
  expect(examples.map(({ name }) => name).sort()).toEqual(Object.keys(en.explorer.examples).sort());
  expect(topics.map(({ name }) => name).sort()).toEqual(Object.keys(en.explorer.topics).sort());
});

test('every query, mutation and subscription of the schema is in an example', () => {
  expect(rootFieldsOf(schema).filter((field) => !used().has(field))).toEqual([]);
});

test('the examples run on the demo workspace as they are', async () => {
  await using server = await startTestServer();
  const names = new Set(examples.map(({ name }) => name));
  expect(Object.keys(notRun).filter((name) => !names.has(name as Example['name']))).toEqual([]);
  for (const example of inOrder()) {
    if (example.name in notRun) continue;
    const { data, errors } = await run(server, example);
    expect({ name: example.name, errors, failed: failedFiles(data) }).toEqual({
      name: example.name,
      errors: undefined,
      failed: [],
    });
  }
});

/** Uploads and what creates come first, what removes comes last. */
function inOrder(): Example[] {
  const rank = ({ name }: Example) => {
    if (name.startsWith('Upload')) return 0;
    if (/^(Create|Start|Attach)/.test(name)) return 1;
    if (name.startsWith('Remove') || name.startsWith('Delete')) return 3;
    return 2;
  };
  const late = ['RemoveMember', 'RemoveVersion', 'RemoveFile', 'RemoveAllFiles', 'RemoveUser'];
  const place = (example: Example) => rank(example) * 100 + late.indexOf(example.name);
  return examples.toSorted((one, other) => place(one) - place(other));
}

/** As the explorer does it with two files chosen for each place. */
async function run(server: TestServer, { name, query, variables = {} }: Example): Promise<GraphQLResult<unknown>> {
  const operation = operationOf(query, name);
  if (!operation) throw new Error(`${name} has no operation.`);
  const places = uploadPlaces(schema, operation, variables);
  if (places.length === 0) return execute(server, query, variables);
  const files = ['sketch.txt', 'photo.txt'].map((file) => new File([`the ${file} of ${name}`], file));
  const body = multipartForm(
    { query, variables } as { variables: unknown },
    places.map((place) => ({ place, files })),
  );
  const headers = { authorization: `Bearer ${server.key}` };
  return (await (await fetch(server.graphqlUrl, { method: 'POST', headers, body })).json()) as GraphQLResult<unknown>;
}

const failedFiles = (data: unknown): unknown[] =>
  Object.values((data ?? {}) as Record<string, { errors?: unknown[] } | null>).flatMap(
    (payload) => payload?.errors ?? [],
  );

const rootFieldsOf = (of: GraphQLSchema): string[] =>
  [of.getQueryType(), of.getMutationType(), of.getSubscriptionType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
  );

function used(): Set<string> {
  const found = new Set<string>();
  const types = new TypeInfo(schema);
  for (const { query } of examples)
    visit(
      parse(query),
      visitWithTypeInfo(types, {
        Field({ name }) {
          found.add(`${types.getParentType()?.name}.${name.value}`);
        },
      }),
    );
  return found;
}
