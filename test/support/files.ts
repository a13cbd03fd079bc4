import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { UploadFilesMutation, UploadTaskFilesMutation } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';
import { uploadFiles, uploadTaskFiles } from './documents.ts';
import type { GraphQLResult, TestServer } from './server.ts';
import { type Part, sendFiles } from './upload.ts';

export const attachTaskFiles = graphql(`
  mutation AttachTaskFiles($taskId: ID!, $fileIds: [ID!]!) {
    attachTaskFiles(input: { taskId: $taskId, fileIds: $fileIds }) {
      task { id }
      files { id name }
      fileEdges { cursor node { id } }
      filesCount
    }
  }
`);

export const attachEntityFiles = graphql(`
  mutation AttachEntityFiles($entityId: ID!, $fileIds: [ID!]!) {
    attachEntityFiles(input: { entityId: $entityId, fileIds: $fileIds }) {
      entity { __typename id }
      files { id name }
      fileEdges { cursor node { id } }
      filesCount
    }
  }
`);

export const removeFile = graphql(`
  mutation RemoveFile($fileId: ID!) {
    removeFile(input: { fileId: $fileId }) { removedFileId }
  }
`);

/** The data of an answer that has to be a good one. */
export function mustSucceed<Data>({ data, errors }: GraphQLResult<Data>): Data {
  if (errors || !data) throw new Error(`The server answered ${JSON.stringify(errors)}.`);
  return data;
}

/** Sends a query that has to succeed, and answers its data. */
export async function ask<Data, Variables>(
  server: TestServer,
  document: TypedDocumentNode<Data, Variables>,
  variables?: Variables,
  key?: string,
): Promise<Data> {
  return mustSucceed(await server.query(document, variables, key));
}

/** Stores files that hang on nothing. */
export async function store(server: TestServer, parts: Part[], key?: string) {
  const result = await sendFiles<UploadFilesMutation>(server, uploadFiles, {}, parts, key);
  return mustSucceed(result).uploadFiles.files;
}

/** Uploads files to a task, and answers all that the server says of it. */
export async function uploadTo(server: TestServer, taskId: string, parts: Part[], key?: string) {
  const result = await sendFiles<UploadTaskFilesMutation>(server, uploadTaskFiles, { taskId }, parts, key);
  return mustSucceed(result).uploadTaskFiles;
}

/** Uploads one file to a task. */
export async function uploadOne(server: TestServer, taskId: string, part: Part, key?: string) {
  const [file] = (await uploadTo(server, taskId, [part], key)).files;
  if (!file) throw new Error(`${part.name} was not kept.`);
  return file;
}
