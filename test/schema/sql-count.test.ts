import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { attachEntityFiles } from '../support/documents.ts';
import { uploadFiles } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';

interface Listed {
  entity: { files: { totalCount: number; edges: { node: { createdBy: { id: string } } }[] } };
}

const listing = parse(`query ($id: ID!) {
  entity(id: $id) {
    id title createdBy { id displayName }
    files(first: 100) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges {
        cursor
        node {
          id name size sha256 isImage url createdAt createdBy { id displayName email }
          updatedBy { id } version versions { id version createdBy { id } } attachedTo { id viewerCanAttach }
          canEdit canReview canRemove
        }
      }
    }
  }
}`) as TypedDocumentNode<Listed, { id: string }>;

/** Uploads this many files as each of the users, and attaches them. */
async function fill(server: TestServer, entityId: string, keys: string[], each: number): Promise<void> {
  for (const key of keys) {
    const parts = Array.from({ length: each }, (_, index) => ({ name: `${index}.txt`, content: `content ${index}` }));
    const files = (await uploadFiles(server, null, parts, {}, key)).files;
    await ask(server, attachEntityFiles, { entityId, fileIds: files.map((file) => file.id) }, key);
  }
}

/** Lists the files, and returns the number of files, uploaders and SQL statements. */
async function listAndCount(server: TestServer, id: string, key: string) {
  let listed: Listed['entity']['files']['edges'] = [];
  const statements = await statementsOf(async () => {
    listed = (await ask(server, listing, { id }, key)).entity.files.edges;
  });
  const uploaders = new Set(listed.map((edge) => edge.node.createdBy.id)).size;
  return { files: listed.length, uploaders, statements: statements.length };
}

test('a list of 50 files of five uploaders runs as many SQL statements as a list of six files of two', async () => {
  await using server = await startTestServer({ MAX_FILES: '50' });
  const users = [];
  for (const name of ['Ada', 'Bob', 'Cleo', 'Dan', 'Eve']) users.push((await newPerson(server, name)).key);
  const [reader = ''] = users;
  await fill(server, 'Contact:1', users.slice(0, 2), 3);
  await fill(server, 'Opportunity:1', users, 10);

  for (const key of [reader, server.key]) {
    const few = await listAndCount(server, 'Contact:1', key);
    const many = await listAndCount(server, 'Opportunity:1', key);
    expect(few).toMatchObject({ files: 6, uploaders: 2 });
    expect(many).toMatchObject({ files: 50, uploaders: 5 });
    expect(few.statements).toBeGreaterThan(0); // the statements were recorded
    expect(many.statements).toBe(few.statements);
  }
});
