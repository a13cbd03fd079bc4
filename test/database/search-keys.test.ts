import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeData, runSql } from '../support/database.ts';
import { attach, names, uploadFiles } from '../support/files.ts';
import { startTestServer } from '../support/server.ts';

test('the migration of search keys updates old keys, and the names are found wherever the file is attached', async () => {
  const DATA_DIR = await mkdtemp(join(tmpdir(), 'attache-search-keys-'));
  try {
    {
      await using server = await startTestServer({ DATA_DIR });
      const { files } = await uploadFiles(server, 'Task:1', ['ΟΔΟΣ.txt', 'plain.txt']);
      await attach(server, 'Contact:1', [files[0]?.id ?? '']);
    }
    const before = 'ΟΔΟΣ.txt'.toLowerCase().normalize('NFD');
    for (const table of ['files', 'attachments'])
      await runSql(
        DATA_DIR,
        `update ${table} set name_key = ? where name_key like '%.txt' and name_key <> 'plain.txt'`,
        before,
      );
    await runSql(DATA_DIR, `delete from migrations where name = '0012-search-keys'`);
    await using server = await startTestServer({ DATA_DIR });
    for (const on of ['Task:1', 'Contact:1', null])
      expect(await names(server, on, 'filter: { nameContains: "οδος" }')).toEqual(['ΟΔΟΣ.txt']);
    const keys = await runSql<{ name_key: string }>(DATA_DIR, 'select name_key from attachments order by id');
    expect(keys.map((row) => row.name_key)).toEqual(['οδοσ.txt', 'plain.txt', 'οδοσ.txt']);
  } finally {
    await removeData(DATA_DIR);
  }
});
