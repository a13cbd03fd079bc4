import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { documentManifest, documents } from '../../../src/client/documents.ts';
import { schema } from '../../../src/schema/index.ts';
import { createCliUser } from '../../support/client-cli.ts';
import { startTestServer } from '../../support/server.ts';
import { addUser } from '../../support/user.ts';

test.each(Object.entries(documents))('the document %s is valid', (_name, document) => {
  expect(validate(schema, parse(document))).toEqual([]);
});

test('a server that trusts what `attache documents` prints answers the commands', async () => {
  await using user = await createCliUser();
  const { stdout } = await user.run(['documents']);
  expect(JSON.parse(stdout)).toEqual(documentManifest());
  const manifest = join(user.folder, 'documents.json');
  await writeFile(manifest, stdout);
  await using server = await startTestServer({ TRUSTED_DOCUMENTS: manifest });
  const { key } = await addUser(server, 'Bob');
  const env = { ATTACHE_URL: server.url, ATTACHE_KEY: key };
  expect(await user.run(['ls'], { env })).toMatchObject({ code: 0, stdout: expect.stringContaining('Contact:1') });
});
