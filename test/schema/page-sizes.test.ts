import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildSchema, type GraphQLField, isObjectType, parse } from 'graphql';
import { expect, test } from 'vitest';
import { ask, errorOf } from '../support/client.ts';
import { uploadFiles } from '../support/files.ts';
import { startTestServer } from '../support/server.ts';

const schema = buildSchema(readFileSync(resolve(import.meta.dirname, '../../schema.graphql'), 'utf8'));

/** A query that reaches each type with paged lists. */
const paths: Record<string, (list: string) => string> = {
  Query: (list) => `{ ${list} }`,
  Project: (list) => `{ project(id: "Project:1") { ${list} } }`,
  Task: (list) => `{ task(id: "Task:1") { ${list} } }`,
  Comment: (list) => `{ node(id: "Comment:1") { ... on Comment { ${list} } } }`,
  Contact: (list) => `{ node(id: "Contact:1") { ... on Contact { ${list} } } }`,
  Opportunity: (list) => `{ node(id: "Opportunity:1") { ... on Opportunity { ${list} } } }`,
  Case: (list) => `{ node(id: "Case:1") { ... on Case { ${list} } } }`,
  User: (list) => `{ viewer { ${list} } }`,
  File: (list) => `{ file(id: "File:1") { ${list} } }`,
  // Sent with the token of a share link.
  Share: (list) => `{ share { ${list} } }`,
};

const isPaged = ({ args }: GraphQLField<unknown, unknown>) => args.some(({ name }) => name === 'first');

/** The other required arguments of a list. */
function othersOf({ args }: GraphQLField<unknown, unknown>): string {
  return args.some(({ name, type }) => name === 'on' && String(type).endsWith('!')) ? ', on: "Task:1"' : '';
}

const lists = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .flatMap((type) =>
    Object.values(type.getFields())
      .filter(isPaged)
      .map((field) => ({ type: type.name, field })),
  );

test('every list of the schema rejects "first" and "last" above 100', async () => {
  await using server = await startTestServer();
  await uploadFiles(server, 'Task:1', ['a']);
  const comment = 'mutation { createComment(input: { taskId: "Task:1", text: "C" }) { comment { id } } }';
  await server.query(parse(comment) as never);
  const share = 'mutation { createShareLink(input: { on: "Task:1", expiresIn: 3600 }) { token } }';
  const { token } = (await ask<{ createShareLink: { token: string } }>(server, share)).createShareLink;
  expect(lists.length).toBeGreaterThan(15);
  for (const { type, field } of lists) {
    const path = paths[type];
    if (!path) throw new Error(`No query of this test reaches ${type}.${field.name}.`);
    const selection = field.name === 'fileEvents' ? 'nodes { type }' : '__typename';
    for (const { name } of field.args.filter((arg) => arg.name === 'first' || arg.name === 'last')) {
      const query = (size: number) =>
        parse(path(`${field.name}(${name}: ${size}${othersOf(field)}) { ${selection} }`)) as never;
      const key = type === 'Share' ? token : server.key;
      const error = await errorOf(server, query(101), {}, key);
      expect([type, field.name, error]).toEqual([
        type,
        field.name,
        expect.stringMatching(new RegExp(`^BAD_USER_INPUT: "${name}" is 101; one page has at most 100`)),
      ]);
      expect((await server.query(query(100), {}, key)).errors).toBeUndefined();
    }
  }
});
