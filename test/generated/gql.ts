/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query WhoListens { viewer { id displayName } }\n": typeof types.WhoListensDocument,
    "\n  mutation UploadTaskFiles($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      task { id }\n      files { id databaseId name size contentType sha256 isImage url createdAt createdBy { id displayName } }\n      fileEdges { cursor node { id } }\n      filesCount\n      errors { index filename message code }\n    }\n  }\n": typeof types.UploadTaskFilesDocument,
    "\n  mutation UploadFiles($files: [Upload!]!) {\n    uploadFiles(input: { files: $files }) {\n      files { id databaseId name size contentType sha256 }\n      filesCount\n      errors { index filename message code }\n    }\n  }\n": typeof types.UploadFilesDocument,
    "\n  query TaskFiles($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {\n    task(id: $id) {\n      files(first: $first, after: $after, last: $last, before: $before) {\n        totalCount\n        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        edges { cursor node { id name } }\n      }\n    }\n  }\n": typeof types.TaskFilesDocument,
    "\n  subscription FileAdded($on: ID!) {\n    fileAdded(on: $on) {\n      file { id name size sha256 }\n      fileEdge { cursor node { id } }\n      on { __typename id }\n      actor { id displayName }\n      at\n    }\n  }\n": typeof types.FileAddedDocument,
    "\n  mutation AttachTaskFiles($taskId: ID!, $fileIds: [ID!]!) {\n    attachTaskFiles(input: { taskId: $taskId, fileIds: $fileIds }) {\n      task { id }\n      files { id name }\n      fileEdges { cursor node { id } }\n      filesCount\n    }\n  }\n": typeof types.AttachTaskFilesDocument,
    "\n  mutation AttachEntityFiles($entityId: ID!, $fileIds: [ID!]!) {\n    attachEntityFiles(input: { entityId: $entityId, fileIds: $fileIds }) {\n      entity { __typename id }\n      files { id name }\n      fileEdges { cursor node { id } }\n      filesCount\n    }\n  }\n": typeof types.AttachEntityFilesDocument,
    "\n  mutation RemoveFile($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) { removedFileId }\n  }\n": typeof types.RemoveFileDocument,
};
const documents: Documents = {
    "\n  query WhoListens { viewer { id displayName } }\n": types.WhoListensDocument,
    "\n  mutation UploadTaskFiles($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      task { id }\n      files { id databaseId name size contentType sha256 isImage url createdAt createdBy { id displayName } }\n      fileEdges { cursor node { id } }\n      filesCount\n      errors { index filename message code }\n    }\n  }\n": types.UploadTaskFilesDocument,
    "\n  mutation UploadFiles($files: [Upload!]!) {\n    uploadFiles(input: { files: $files }) {\n      files { id databaseId name size contentType sha256 }\n      filesCount\n      errors { index filename message code }\n    }\n  }\n": types.UploadFilesDocument,
    "\n  query TaskFiles($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {\n    task(id: $id) {\n      files(first: $first, after: $after, last: $last, before: $before) {\n        totalCount\n        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        edges { cursor node { id name } }\n      }\n    }\n  }\n": types.TaskFilesDocument,
    "\n  subscription FileAdded($on: ID!) {\n    fileAdded(on: $on) {\n      file { id name size sha256 }\n      fileEdge { cursor node { id } }\n      on { __typename id }\n      actor { id displayName }\n      at\n    }\n  }\n": types.FileAddedDocument,
    "\n  mutation AttachTaskFiles($taskId: ID!, $fileIds: [ID!]!) {\n    attachTaskFiles(input: { taskId: $taskId, fileIds: $fileIds }) {\n      task { id }\n      files { id name }\n      fileEdges { cursor node { id } }\n      filesCount\n    }\n  }\n": types.AttachTaskFilesDocument,
    "\n  mutation AttachEntityFiles($entityId: ID!, $fileIds: [ID!]!) {\n    attachEntityFiles(input: { entityId: $entityId, fileIds: $fileIds }) {\n      entity { __typename id }\n      files { id name }\n      fileEdges { cursor node { id } }\n      filesCount\n    }\n  }\n": types.AttachEntityFilesDocument,
    "\n  mutation RemoveFile($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) { removedFileId }\n  }\n": types.RemoveFileDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WhoListens { viewer { id displayName } }\n"): (typeof documents)["\n  query WhoListens { viewer { id displayName } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UploadTaskFiles($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      task { id }\n      files { id databaseId name size contentType sha256 isImage url createdAt createdBy { id displayName } }\n      fileEdges { cursor node { id } }\n      filesCount\n      errors { index filename message code }\n    }\n  }\n"): (typeof documents)["\n  mutation UploadTaskFiles($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      task { id }\n      files { id databaseId name size contentType sha256 isImage url createdAt createdBy { id displayName } }\n      fileEdges { cursor node { id } }\n      filesCount\n      errors { index filename message code }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UploadFiles($files: [Upload!]!) {\n    uploadFiles(input: { files: $files }) {\n      files { id databaseId name size contentType sha256 }\n      filesCount\n      errors { index filename message code }\n    }\n  }\n"): (typeof documents)["\n  mutation UploadFiles($files: [Upload!]!) {\n    uploadFiles(input: { files: $files }) {\n      files { id databaseId name size contentType sha256 }\n      filesCount\n      errors { index filename message code }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TaskFiles($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {\n    task(id: $id) {\n      files(first: $first, after: $after, last: $last, before: $before) {\n        totalCount\n        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        edges { cursor node { id name } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query TaskFiles($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {\n    task(id: $id) {\n      files(first: $first, after: $after, last: $last, before: $before) {\n        totalCount\n        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        edges { cursor node { id name } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription FileAdded($on: ID!) {\n    fileAdded(on: $on) {\n      file { id name size sha256 }\n      fileEdge { cursor node { id } }\n      on { __typename id }\n      actor { id displayName }\n      at\n    }\n  }\n"): (typeof documents)["\n  subscription FileAdded($on: ID!) {\n    fileAdded(on: $on) {\n      file { id name size sha256 }\n      fileEdge { cursor node { id } }\n      on { __typename id }\n      actor { id displayName }\n      at\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AttachTaskFiles($taskId: ID!, $fileIds: [ID!]!) {\n    attachTaskFiles(input: { taskId: $taskId, fileIds: $fileIds }) {\n      task { id }\n      files { id name }\n      fileEdges { cursor node { id } }\n      filesCount\n    }\n  }\n"): (typeof documents)["\n  mutation AttachTaskFiles($taskId: ID!, $fileIds: [ID!]!) {\n    attachTaskFiles(input: { taskId: $taskId, fileIds: $fileIds }) {\n      task { id }\n      files { id name }\n      fileEdges { cursor node { id } }\n      filesCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AttachEntityFiles($entityId: ID!, $fileIds: [ID!]!) {\n    attachEntityFiles(input: { entityId: $entityId, fileIds: $fileIds }) {\n      entity { __typename id }\n      files { id name }\n      fileEdges { cursor node { id } }\n      filesCount\n    }\n  }\n"): (typeof documents)["\n  mutation AttachEntityFiles($entityId: ID!, $fileIds: [ID!]!) {\n    attachEntityFiles(input: { entityId: $entityId, fileIds: $fileIds }) {\n      entity { __typename id }\n      files { id name }\n      fileEdges { cursor node { id } }\n      filesCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveFile($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) { removedFileId }\n  }\n"): (typeof documents)["\n  mutation RemoveFile($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) { removedFileId }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;