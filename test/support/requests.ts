import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { ask, mustSucceed } from './files.ts';
import { refused } from './refused.ts';
import type { GraphQLResult, TestServer } from './server.ts';
import { type Part, sendFiles } from './upload.ts';

/** The requests that the tests of this folder have in common, written once. */

export interface Id {
  id: string;
}

export interface FileFields extends Id {
  databaseId: number;
  name: string;
  size: number;
  contentType: string;
  isImage: boolean;
  width: number | null;
  height: number | null;
  sha256: string;
  url: string;
  version: number;
  versions: { id: string; databaseId: number; version: number }[];
  status: string | null;
  available: boolean;
  createdFrom: string;
  createdBy: Id;
  createdAt: string;
  updatedBy: Id;
  updatedAt: string;
  attachedTo: Id[];
}

/** Every field of a file but its content. */
export const FILE = `
  id databaseId name size contentType isImage width height sha256 url version versions { id databaseId version }
  status available createdFrom createdBy { id } createdAt updatedBy { id } updatedAt attachedTo { id }
`;

export interface Hung {
  files: FileFields[];
  fileEdges: { cursor: string; node: Id }[];
  filesCount: number;
}

export interface Uploaded extends Hung {
  errors: { index: number; filename: string; message: string; code: string }[];
}

/** What is said of an upload, beside its files. */
export interface About {
  parentId?: string;
  status?: string;
  available?: boolean;
  createdFrom?: string;
  sessionToken?: string;
}

const document = <Data>(query: string) => parse(query) as unknown as TypedDocumentNode<Data, Record<string, unknown>>;

/** Sends a query that has to succeed. */
export const say = <Data>(server: TestServer, query: string, variables: Record<string, unknown> = {}, key?: string) =>
  ask(server, document<Data>(query), variables, key);

/** Sends a query that has to be refused; answers the code and the message. */
export const refusal = (server: TestServer, query: string, variables: Record<string, unknown> = {}, key?: string) =>
  refused(server, document(query), variables, key);

/** Sends a query, whatever comes of it; answers the code of its first error. */
export const codeOf = async (
  server: TestServer,
  query: string,
  variables: Record<string, unknown> = {},
  key?: string,
): Promise<string | undefined> => (await server.query(document(query), variables, key)).errors?.[0]?.extensions.code;

const isEntity = (on: string) => /^(Contact|Opportunity|Case):/.test(on);
const kindOf = (on: string) => (isEntity(on) ? 'Entity' : (on.split(':')[0] ?? ''));

/** `uploadTaskFiles` for `Task:1`, and so on; `uploadFiles` for nothing. */
export function uploadQuery(on: string | null): string {
  const kind = on === null ? '' : kindOf(on);
  const place = on === null ? '' : `${kind.toLowerCase()}Id: "${on}"`;
  return `mutation (
    $files: [Upload!]!, $parentId: ID, $status: FileStatus, $available: Boolean, $createdFrom: FileOrigin,
    $sessionToken: String
  ) {
    result: upload${kind}Files(input: {
      ${place} files: $files, parentId: $parentId, status: $status, available: $available, createdFrom: $createdFrom,
      sessionToken: $sessionToken
    }) { files { ${FILE} } fileEdges { cursor node { id } } filesCount errors { index filename message code } }
  }`;
}

const partOf = (part: Part | string): Part => (typeof part === 'string' ? { name: part, content: part } : part);

/** Uploads files, whatever comes of it. A file given by its name has the name as its content. */
export const tryGive = (
  server: TestServer,
  on: string | null,
  parts: (Part | string)[],
  about: About = {},
  key?: string,
): Promise<GraphQLResult<{ result: Uploaded }>> =>
  sendFiles(server, parse(uploadQuery(on)), { ...about }, parts.map(partOf), key);

/** Uploads files in a request that has to succeed as a whole. */
export const give = async (...request: Parameters<typeof tryGive>): Promise<Uploaded> =>
  mustSucceed(await tryGive(...request)).result;

/** Uploads one file that has to be kept. */
export async function giveOne(
  server: TestServer,
  on: string | null,
  part: Part | string,
  about?: About,
  key?: string,
): Promise<FileFields> {
  const { files, errors } = await give(server, on, [part], about, key);
  if (!files[0]) throw new Error(`It was not kept: ${JSON.stringify(errors)}`);
  return files[0];
}

/** Uploads files in a request that has to be refused as a whole. */
export async function giveRefused(...request: Parameters<typeof tryGive>): Promise<string> {
  const { data, errors } = await tryGive(...request);
  if (!errors?.[0]) throw new Error(`The server did it: ${JSON.stringify(data)}`);
  return `${errors[0].extensions.code}: ${errors[0].message}`;
}

export const fileQuery = `query ($id: ID!) { file(id: $id) { ${FILE} } }`;

/** The file as it is now. */
export const fileOf = async (server: TestServer, id: string, key?: string) =>
  (await say<{ file: FileFields }>(server, fileQuery, { id }, key)).file;

export interface Listed {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  edges: { cursor: string; node: FileFields }[];
}

const listFields = `
  totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { ${FILE} } }
`;

/** The query for the files of an attachable, or for all. `args` as in `first: 5`. */
export const listQuery = (on: string | null, args = 'first: 100') =>
  on === null
    ? `{ list: files(${args}) { ${listFields} } }`
    : `{ node(id: "${on}") { ... on Attachable { list: files(${args}) { ${listFields} } } } }`;

/** The files of an attachable, or all that the viewer may see. */
export async function list(server: TestServer, on: string | null, args?: string, key?: string): Promise<Listed> {
  const data = await say<{ node?: { list: Listed }; list: Listed }>(server, listQuery(on, args), {}, key);
  return data.node?.list ?? data.list;
}

/** The names in such a list; as many as it says that it has. */
export async function names(server: TestServer, on: string | null, args?: string, key?: string): Promise<string[]> {
  const { edges, totalCount } = await list(server, on, args, key);
  if (edges.length !== totalCount) throw new Error(`${edges.length} files are listed and ${totalCount} are counted.`);
  return edges.map(({ node }) => node.name);
}

/** `attachTaskFiles` for `Task:1`, and so on. */
export const attachQuery = (on: string) => `mutation ($fileIds: [ID!]!) {
  result: attach${kindOf(on)}Files(input: { ${kindOf(on).toLowerCase()}Id: "${on}", fileIds: $fileIds }) {
    files { ${FILE} } fileEdges { cursor node { id } } filesCount
  }
}`;

export const attach = async (server: TestServer, on: string, fileIds: string[], key?: string) =>
  (await say<{ result: Hung }>(server, attachQuery(on), { fileIds }, key)).result;

export const detachQuery = `mutation ($from: ID!, $fileIds: [ID!]!) {
  result: detachFiles(input: { from: $from, fileIds: $fileIds }) { from { id } detachedFileIds filesCount }
}`;

export const detach = async (server: TestServer, from: string, fileIds: string[], key?: string) =>
  (
    await say<{ result: { from: Id; detachedFileIds: string[]; filesCount: number } }>(
      server,
      detachQuery,
      { from, fileIds },
      key,
    )
  ).result;

export const moveQuery = `mutation ($from: ID!, $to: ID!, $fileIds: [ID!]!) {
  result: moveFiles(input: { from: $from, to: $to, fileIds: $fileIds }) {
    to { id } files { ${FILE} } fileEdges { cursor node { id } } filesCount
  }
}`;

export const move = async (server: TestServer, from: string, to: string, fileIds: string[], key?: string) =>
  (await say<{ result: Hung & { to: Id } }>(server, moveQuery, { from, to, fileIds }, key)).result;

export const removeQuery = `mutation ($fileId: ID!, $onlyThisVersion: Boolean) {
  removeFile(input: { fileId: $fileId, onlyThisVersion: $onlyThisVersion }) { removedFileId removedFileIds }
}`;

/** Removes a file, or one version of it; answers the ids that are gone. */
export const remove = async (server: TestServer, fileId: string, onlyThisVersion = false, key?: string) =>
  (
    await say<{ removeFile: { removedFileIds: string[] } }>(server, removeQuery, { fileId, onlyThisVersion }, key)
  ).removeFile.removedFileIds.toSorted();

export const updateQuery = `mutation ($input: UpdateFileInput!) { updateFile(input: $input) { file { ${FILE} } } }`;

export const update = async (server: TestServer, input: Record<string, unknown>, key?: string) =>
  (await say<{ updateFile: { file: FileFields } }>(server, updateQuery, { input }, key)).updateFile.file;

export const ids = (files: readonly Id[]) => files.map((file) => file.id);

/** Makes an editor of the first project a viewer of it. */
export const demote = (server: TestServer, { id }: Id) =>
  say(
    server,
    `mutation { updateProjectMember(input: { projectId: "Project:1", userId: "${id}", role: VIEWER }) { project { id } } }`,
  );
