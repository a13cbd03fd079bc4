import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { UploadTaskFilesMutation } from '../generated/graphql.ts';
import { executeWithFiles } from '../support/client.ts';
import { taskFiles, uploadTaskFilesDocument } from '../support/documents.ts';
import { startTestServer } from '../support/server.ts';

test('a file uploaded to a task is listed and downloads byte for byte', async () => {
  await using server = await startTestServer();
  const content = 'plain text file';
  const { data } = await executeWithFiles<UploadTaskFilesMutation>(
    server,
    uploadTaskFilesDocument,
    { taskId: 'Task:1' },
    [{ name: 'Grüße.txt', content, type: 'text/plain' }],
  );
  const payload = data?.uploadTaskFiles;
  expect(payload).toMatchObject({ task: { id: 'Task:1' }, filesCount: 1, errors: [] });
  expect(payload?.files[0]).toMatchObject({
    name: 'Grüße.txt',
    size: 15,
    contentType: 'text/plain',
    isImage: false,
    sha256: createHash('sha256').update(content).digest('hex'),
    createdBy: { displayName: 'Administrator' },
  });

  const listed = await server.query(taskFiles, { id: 'Task:1' });
  expect(listed.data?.task?.files).toMatchObject({ totalCount: 1, edges: payload?.fileEdges });

  const response = await fetch(payload?.files[0]?.url ?? '', { headers: { authorization: `Bearer ${server.key}` } });
  expect(await response.text()).toBe(content);
});
