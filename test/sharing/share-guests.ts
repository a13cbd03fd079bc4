import { ask, type GraphQLResult } from '../support/client.ts';
import type { TestServer } from '../support/server.ts';

export interface SharedFile {
  fileId: string;
  name: string;
  size: number;
  url: string;
}

export interface Share {
  share: { name: string; files: { totalCount: number; nodes: SharedFile[] } };
}

/** Creates a share link; `input` overrides that of one for `Task:1`. */
export async function createShareLink(
  server: TestServer,
  input: Record<string, unknown> = {},
  key?: string,
): Promise<{ token: string; id: string; url: string }> {
  const query = `mutation ($input: CreateShareLinkInput!) {
    createShareLink(input: $input) { token url shareLink { id } }
  }`;
  const all = { ...('fileId' in input ? {} : { on: 'Task:1' }), expiresIn: 3600, ...input };
  const { createShareLink: made } = await ask<{
    createShareLink: { token: string; url: string; shareLink: { id: string } };
  }>(server, query, { input: all }, key);
  return { token: made.token, id: made.shareLink.id, url: made.url };
}

/** Reads the share as a guest. */
export async function readShare(
  server: TestServer,
  token: string,
  password?: string,
  args = '',
): Promise<GraphQLResult<Share>> {
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(password === undefined ? {} : { 'share-password': encodeURIComponent(password) }),
    },
    body: JSON.stringify({
      query: `{ share { name files${args} { totalCount nodes { fileId name size url } } } }`,
    }),
  });
  return (await response.json()) as GraphQLResult<Share>;
}

/** The files that the link shows, or the code of the error. */
export async function sharedFiles(
  server: TestServer,
  token: string,
  password?: string,
): Promise<SharedFile[] | string> {
  const { data, errors } = await readShare(server, token, password);
  return data?.share?.files.nodes ?? errors?.[0]?.extensions.code ?? 'nothing';
}

export async function sharedNames(server: TestServer, token: string): Promise<string[] | string> {
  const files = await sharedFiles(server, token);
  return typeof files === 'string' ? files : files.map(({ name }) => name);
}
