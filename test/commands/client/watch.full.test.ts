import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createCliUser, jsonLines } from '../../support/client-cli.ts';
import { uploadFile, uploadFiles } from '../../support/files.ts';
import { startTestServer } from '../../support/server.ts';

test('a file that is uploaded while --from-start lists the files is handled once', async () => {
  await using server = await startTestServer({ MAX_FILES: '200' });
  await using user = await createCliUser(server);
  const count = 101; // The second page is read after the file was uploaded.
  const files = Array.from({ length: count }, (_, index) => ({ name: `${index}`, content: String(index) }));
  await uploadFiles(server, 'Task:1', files);
  const go = user.path('go');
  const exec = `sh -c 'while ! test -e "$1"; do sleep 0.05; done' sh ${go}`;
  const child = user.start(['watch', 'Task:1', '--from-start', '--json', '--exec', exec]);
  await expect.poll(() => child.stderr()).toContain('Watching Task:1');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await uploadFile(server, 'Task:1', { name: 'meanwhile', content: 'm' });
  await writeFile(go, '');
  const names = () => jsonLines(child.stdout()).map(({ file }) => (file as { name: string }).name);
  await expect.poll(() => names().length, { timeout: 20_000 }).toBeGreaterThan(count);
  await uploadFile(server, 'Task:1', { name: 'last', content: 'l' });
  await expect.poll(names).toContain('last');
  expect(names()).toEqual([...files.map(({ name }) => name), 'meanwhile', 'last']);
});
