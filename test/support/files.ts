import { ask, dataOf, type Endpoint, executeWithFiles, type GraphQLResult, type Part } from './client.ts';

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

/** Every field of a file except its content. */
export const FILE = `
  id databaseId name size contentType isImage width height sha256 url version versions { id databaseId version }
  status available createdFrom createdBy { id } createdAt updatedBy { id } updatedAt attachedTo { id }
`;

export interface AttachedFiles {
  files: FileFields[];
  fileEdges: { cursor: string; node: Id }[];
  filesCount: number;
}

export interface Uploaded extends AttachedFiles {
  errors: { index: number; filename: string; message: string; code: string }[];
}

/** The arguments of an upload besides its files. */
export interface UploadOptions {
  parentId?: string;
  status?: string;
  available?: boolean;
  createdFrom?: string;
  sessionToken?: string;
}

const isEntity = (on: string) => /^(Contact|Opportunity|Case):/.test(on);
const kindOf = (on: string) => (isEntity(on) ? 'Entity' : (on.split(':')[0] ?? ''));

/**
 * The mutation for an attachable, such as `uploadTaskFiles` for `Task:1`; `uploadFiles` for null.
 */
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

/**
 * Uploads files, and returns the result with or without errors. A file given as a name has that
 * name as its content.
 */
export const tryUploadFiles = (
  server: Endpoint,
  on: string | null,
  parts: (Part | string)[],
  about: UploadOptions = {},
  key?: string,
): Promise<GraphQLResult<{ result: Uploaded }>> =>
  executeWithFiles(server, uploadQuery(on), { ...about }, parts.map(partOf), key);

/** Uploads files in a request that must succeed without errors. */
export const uploadFiles = async (...request: Parameters<typeof tryUploadFiles>): Promise<Uploaded> =>
  dataOf(await tryUploadFiles(...request)).result;

/** Uploads one file that must be stored. */
export async function uploadFile(
  server: Endpoint,
  on: string | null,
  part: Part | string,
  about?: UploadOptions,
  key?: string,
): Promise<FileFields> {
  const { files, errors } = await uploadFiles(server, on, [part], about, key);
  if (!files[0]) throw new Error(`The file was not stored: ${JSON.stringify(errors)}`);
  return files[0];
}

/** Uploads files in a request that must fail, and returns its error. */
export async function uploadErrorOf(...request: Parameters<typeof tryUploadFiles>): Promise<string> {
  const { data, errors } = await tryUploadFiles(...request);
  if (!errors?.[0]) throw new Error(`The request succeeded: ${JSON.stringify(data)}`);
  return `${errors[0].extensions.code}: ${errors[0].message}`;
}

export const fileQuery = `query ($id: ID!) { file(id: $id) { ${FILE} } }`;

/** The current state of a file. */
export const fileOf = async (server: Endpoint, id: string, key?: string) =>
  (await ask<{ file: FileFields }>(server, fileQuery, { id }, key)).file;

export interface Listed {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  edges: { cursor: string; node: FileFields }[];
}

const listFields = `
  totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { ${FILE} } }
`;

/** The query for the files of an attachable, or for all files. `args` is such as `first: 5`. */
export const listQuery = (on: string | null, args = 'first: 100') =>
  on === null
    ? `{ list: files(${args}) { ${listFields} } }`
    : `{ node(id: "${on}") { ... on Attachable { list: files(${args}) { ${listFields} } } } }`;

/** The files of an attachable, or all files that the viewer can see. */
export async function list(server: Endpoint, on: string | null, args?: string, key?: string): Promise<Listed> {
  const data = await ask<{ node?: { list: Listed }; list: Listed }>(server, listQuery(on, args), {}, key);
  return data.node?.list ?? data.list;
}

/** The names of such a list, whose length must equal its `totalCount`. */
export async function names(server: Endpoint, on: string | null, args?: string, key?: string): Promise<string[]> {
  const { edges, totalCount } = await list(server, on, args, key);
  if (edges.length !== totalCount) throw new Error(`${edges.length} files are listed and ${totalCount} are counted.`);
  return edges.map(({ node }) => node.name);
}

/** The mutation for an attachable, such as `attachTaskFiles` for `Task:1`. */
export const attachQuery = (on: string) => `mutation ($fileIds: [ID!]!) {
  result: attach${kindOf(on)}Files(input: { ${kindOf(on).toLowerCase()}Id: "${on}", fileIds: $fileIds }) {
    files { ${FILE} } fileEdges { cursor node { id } } filesCount
  }
}`;

export const attach = async (server: Endpoint, on: string, fileIds: string[], key?: string) =>
  (await ask<{ result: AttachedFiles }>(server, attachQuery(on), { fileIds }, key)).result;

export const detachQuery = `mutation ($from: ID!, $fileIds: [ID!]!) {
  result: detachFiles(input: { from: $from, fileIds: $fileIds }) { from { id } detachedFileIds filesCount }
}`;

export const detach = async (server: Endpoint, from: string, fileIds: string[], key?: string) =>
  (
    await ask<{ result: { from: Id; detachedFileIds: string[]; filesCount: number } }>(
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

export const move = async (server: Endpoint, from: string, to: string, fileIds: string[], key?: string) =>
  (await ask<{ result: AttachedFiles & { to: Id } }>(server, moveQuery, { from, to, fileIds }, key)).result;

export const removeQuery = `mutation ($fileId: ID!, $onlyThisVersion: Boolean) {
  removeFile(input: { fileId: $fileId, onlyThisVersion: $onlyThisVersion }) { removedFileId removedFileIds }
}`;

/** Removes a file or one of its versions, and returns the ids of the removed files. */
export const remove = async (server: Endpoint, fileId: string, onlyThisVersion = false, key?: string) =>
  (
    await ask<{ removeFile: { removedFileIds: string[] } }>(server, removeQuery, { fileId, onlyThisVersion }, key)
  ).removeFile.removedFileIds.toSorted();

export const updateQuery = `mutation ($input: UpdateFileInput!) { updateFile(input: $input) { file { ${FILE} } } }`;

export const update = async (server: Endpoint, input: Record<string, unknown>, key?: string) =>
  (await ask<{ updateFile: { file: FileFields } }>(server, updateQuery, { input }, key)).updateFile.file;

export const ids = (files: readonly Id[]) => files.map((file) => file.id);

/** Changes the role of an editor of the first project to viewer. */
export const demote = (server: Endpoint, { id }: Id) =>
  ask(
    server,
    `mutation { updateProjectMember(input: { projectId: "Project:1", userId: "${id}", role: VIEWER }) { project { id } } }`,
  );
