import { ask } from './client.ts';
import { type Id, ids, uploadFile } from './files.ts';
import type { FileAddedSubscriber } from './live.ts';
import type { TestServer } from './server.ts';

/** Upload sessions, and the events of their files. */

export const sessionToken = 'a token of my own';

export const startQuery = `mutation ($sessionToken: String) {
  startUploadSession(input: { sessionToken: $sessionToken }) { sessionToken }
}`;
export const finishQuery = `mutation ($sessionToken: String!) {
  finishUploadSession(input: { sessionToken: $sessionToken }) { files { id } }
}`;

export const start = async (server: TestServer, token?: string) =>
  (await ask<{ startUploadSession: { sessionToken: string } }>(server, startQuery, { sessionToken: token }))
    .startUploadSession.sessionToken;

export const finish = async (server: TestServer, token = sessionToken, key?: string) =>
  ids(
    (await ask<{ finishUploadSession: { files: Id[] } }>(server, finishQuery, { sessionToken: token }, key))
      .finishUploadSession.files,
  );

/**
 * The names of the files that a subscriber receives, until a last file that this function uploads.
 */
export async function receivedNames(
  server: TestServer,
  listener: FileAddedSubscriber,
  last = 'the last',
): Promise<string[]> {
  await uploadFile(server, 'Task:1', last);
  const names: string[] = [];
  for (;;) {
    const { name } = (await listener.next()).file;
    if (name === last) return names;
    names.push(name);
  }
}
