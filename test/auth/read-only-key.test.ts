import { isInputObjectType, isNonNullType } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { begin } from '../http/tus/client.ts';
import { ask } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { startTestServer } from '../support/server.ts';

/** A valid value for each input field, mostly ids that exist. */
const there: Record<string, unknown> = {
  projectId: 'Project:1',
  taskId: 'Task:1',
  commentId: 'Comment:1',
  contactId: 'Contact:1',
  opportunityId: 'Opportunity:1',
  caseId: 'Case:1',
  entityId: 'Contact:1',
  fileId: 'File:1',
  fileIds: ['File:1'],
  from: 'Task:1',
  to: 'Task:2',
  userId: 'User:1',
  apiKeyId: 'ApiKey:1',
  categoryId: 'Category:1',
  sessionToken: 'a token',
  role: 'VIEWER',
  scope: 'READ',
  email: 'somebody@example.com',
  blob: 'YQ==',
  on: 'Task:1',
  expiresIn: 3600,
  uploadTokenId: 'UploadToken:1',
  shareLinkId: 'ShareLink:1',
  size: 1,
  sha256: '0'.repeat(64),
};

/** Optional fields of which one has to be there. */
const alternatives: Record<string, object> = {
  addProjectMember: { userId: 'User:1' },
  createShareLink: { on: 'Task:1' },
};

const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
// A query cannot contain a file; the tests of uploads check that uploads require the right.
const tried = mutations.filter((mutation) => !/^upload/.test(mutation.name));

test('every mutation rejects a read-only key with FORBIDDEN, even that of an administrator', async () => {
  await using server = await startTestServer();
  await uploadFile(server, 'Task:1', 'a');
  await ask(server, 'mutation { createCategory(input: { title: "a" }) { category { id } } }');
  await ask(server, 'mutation { createUploadToken(input: { on: "Task:1", expiresIn: 3600 }) { token } }');
  await ask(server, 'mutation { createShareLink(input: { on: "Task:1", expiresIn: 3600 }) { token } }');
  const uploadId = (await begin(server, 1000, { on: 'Task:1' })).split('/').at(-1);
  const made = 'mutation { createApiKey(input: { name: "reads", scope: READ }) { key } }';
  const { key } = (await ask<{ createApiKey: { key: string } }>(server, made)).createApiKey;

  expect(tried.length).toBeGreaterThan(35);
  for (const { name, args } of tried) {
    const type = args[0] && isNonNullType(args[0].type) ? args[0].type.ofType : undefined;
    if (!isInputObjectType(type)) throw new Error(`${name} has no input`);
    const required = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
    const input = {
      ...Object.fromEntries(required.map((field) => [field.name, { ...there, uploadId }[field.name] ?? 'a'])),
      ...alternatives[name],
    };
    const query = `mutation ($input: ${type.name}!) { ${name}(input: $input) { __typename } }`;
    const response = await fetch(server.graphqlUrl, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { input } }),
    });
    const { errors } = (await response.json()) as { errors?: { message: string; extensions: { code: string } }[] };
    expect({ name, code: errors?.[0]?.extensions.code ?? 'done', said: errors?.[0]?.message }).toMatchObject({
      name,
      code: 'FORBIDDEN',
    });
  }
});
