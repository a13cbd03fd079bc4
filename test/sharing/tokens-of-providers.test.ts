import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { uploadFile } from '../support/files.ts';
import { sharedSecret, tokenOf } from '../support/jwt.ts';
import { addProjectMember } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { createUploadToken, uploadOne } from './guests.ts';
import { createShareLink, sharedFiles } from './share-guests.ts';

test('what was made with a token of an identity provider outlives it, and ends when its user is disabled or removed', async () => {
  await using server = await startTestServer(sharedSecret);
  await uploadFile(server, 'Task:1', 'shared');
  const key = await tokenOf('ada', { name: 'Ada' }, { expiresIn: 2 });
  const { viewer } = await ask<{ viewer: { id: string } }>(server, '{ viewer { id } }', {}, key);
  await ask(server, addProjectMember, { input: { projectId: 'Project:1', userId: viewer.id, role: 'EDITOR' } });
  const link = await createShareLink(server, {}, key);
  const upload = await createUploadToken(server, {}, key);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const url = async () => ((await sharedFiles(server, link.token)) as { url: string }[])[0]?.url ?? '';
  const file = new URL(await url(), server.url);
  const statuses = async () => [
    typeof (await sharedFiles(server, link.token)),
    (await fetch(file)).status,
    await uploadOne(server, upload.token),
  ];
  expect(await statuses()).toEqual(['object', 200, 'stored']);
  const change = (mutation: string) =>
    ask(server, `mutation { ${mutation}(input: { userId: "${viewer.id}" }) { user { id } } }`);
  await change('disableUser');
  expect(await statuses()).toEqual(['string', 401, 'UNAUTHENTICATED']);
  await change('enableUser');
  expect(await statuses()).toEqual(['object', 200, 'stored']);
  // Administrators list them.
  const list = `{ user(id: "${viewer.id}") { shareLinks { nodes { id canRevoke } } uploadTokens { nodes { id canRevoke } } } }`;
  expect(await ask(server, list)).toEqual({
    user: {
      shareLinks: { nodes: [{ id: link.id, canRevoke: true }] },
      uploadTokens: { nodes: [{ id: upload.id, canRevoke: true }] },
    },
  });
  await change('removeUser');
  expect(await statuses()).toEqual(['string', 401, 'UNAUTHENTICATED']);
});
