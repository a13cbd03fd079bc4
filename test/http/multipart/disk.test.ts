import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closing, file, post, preface } from '../../support/raw-http.ts';
import { startTestServer } from '../../support/server.ts';
import { expectStored } from './aftermath.ts';

const form = (size: number) =>
  Buffer.concat([preface(2), file('0', 'a', 'a'.repeat(size)), file('1', 'b', 'b'.repeat(size)), closing()]);

test.for([
  ['staging', 200_000],
  ['staging', 5_000_000],
  ['blobs', 200_000],
  ['blobs', 5_000_000],
] as const)(
  'while the folder %s cannot be written, uploads of %i bytes fail without naming a path, and succeed afterwards',
  async ([folder, size]) => {
    await using server = await startTestServer();
    const path = join(server.dataDir, 'files', folder);
    await rename(path, `${path}.away`);
    await writeFile(path, 'no folder');
    const { body } = await post(server, form(size));
    expect(body.errors?.map(({ extensions }) => extensions?.code)).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(JSON.stringify(body)).not.toContain(server.dataDir);

    await rename(path, `${path}.file`);
    await rename(`${path}.away`, path);
    await expectStored(server, []);
    expect((await post(server, form(size))).body.data?.uploadTaskFiles?.files).toHaveLength(2);
    await expectStored(server, ['a'.repeat(size), 'b'.repeat(size)]);
  },
);
