import { expect, test } from 'vitest';
import { auditEntries } from '../support/audit.ts';
import { ask, errorOf } from '../support/client.ts';
import { remove, uploadFile } from '../support/files.ts';
import { startTestServer } from '../support/server.ts';
import { loseStored } from '../support/small-blobs.ts';

test('a download is not recorded when no content is sent', async () => {
  await using server = await startTestServer({ AUDIT_DOWNLOADS: 'true', MAX_INLINE_SIZE: '10' });
  const headers = { authorization: `Bearer ${server.key}` };
  const downloads = () => auditEntries(server, { action: 'FILE_DOWNLOADED' });
  const file = await uploadFile(server, 'Task:1', 'more than ten bytes');
  const content = `${server.url}/files/${file.databaseId}/content`;
  expect((await fetch(content, { method: 'HEAD', headers })).status).toBe(200);
  expect((await fetch(content, { headers: { ...headers, 'if-match': '"other"' } })).status).toBe(412);
  expect(await errorOf(server, `{ file(id: "${file.id}") { content } }`)).toMatch(/^PAYLOAD_TOO_LARGE: /);
  const [blob = ''] = (await server.stored()).blobs;
  await loseStored(server.dataDir, blob);
  expect((await fetch(content, { headers })).status).toBe(500);
  const readArchive = async () => (await fetch(`${server.url}/files/zip?on=Task:1`, { headers })).bytes();
  await expect(readArchive()).rejects.toThrow();
  expect(await downloads()).toEqual([]);
  // The file whose content was lost is not in the way of the others.
  await remove(server, file.id);
  const other = await uploadFile(server, 'Task:1', 'present');
  await readArchive();
  await ask(server, `{ file(id: "${other.id}") { content } }`);
  expect(await downloads()).toMatchObject([{ targetId: other.id }]);
});
