import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { ask, errorOf } from '../../support/client.ts';
import { startProcess } from '../../support/process.ts';
import { ADMIN_KEY } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

// The first item fails when its files are read, and the last one at once, by a null that replaces
// the default of its variable.
const failing = `
  query ($isIncluded: Boolean = true) {
    entities {
      nodes {
        ... on Contact { files(first: -1) { totalCount } }
        ... on Case { id @include(if: $isIncluded) }
      }
    }
  }
`;

test('the server survives items of one list that fail at different times', async () => {
  await using folder = await temporaryFolder('dropped-errors');
  await using server = await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY });
  const create = `mutation {
    createContact(input: { displayName: "C" }) { contact { id } }
    createCase(input: { title: "C" }) { case { id } }
  }`;
  await ask(server, parse(create) as never);
  expect(await errorOf(server, failing, { isIncluded: null })).toMatch(/^BAD_USER_INPUT: Argument "if"/);
  expect(await ask(server, parse('{ viewer { id } }') as never)).toMatchObject({ viewer: { id: 'User:1' } });
  expect(server.logged()).not.toMatch(/"level":[56]0/); // errors, and what ends the process
});
