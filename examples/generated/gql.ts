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
    "\n  mutation ApolloUpload($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      files { id name size createdAt }\n      errors { filename message }\n    }\n  }\n": typeof types.ApolloUploadDocument,
    "\n  query ApolloList($taskId: ID!, $after: String) {\n    task(id: $taskId) {\n      id\n      files(first: 20, after: $after) {\n        edges { cursor node { id name size } }\n        pageInfo { endCursor hasNextPage }\n      }\n    }\n  }\n": typeof types.ApolloListDocument,
    "\n  subscription ApolloAdded($on: ID!, $after: String) {\n    fileAdded(on: $on, after: $after) { cursor file { id name size } }\n  }\n": typeof types.ApolloAddedDocument,
    "\n  query RequestList($taskId: ID!, $after: String) {\n    task(id: $taskId) {\n      files(first: 20, after: $after) {\n        nodes { databaseId name size url }\n        pageInfo { endCursor hasNextPage }\n      }\n    }\n  }\n": typeof types.RequestListDocument,
    "\n  subscription ExampleAdded($on: ID!, $after: String) {\n    fileAdded(on: $on, after: $after) { cursor file { id name size } }\n  }\n": typeof types.ExampleAddedDocument,
    "\n  mutation UrqlUpload($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      files { id name size createdAt }\n      errors { filename message }\n    }\n  }\n": typeof types.UrqlUploadDocument,
    "\n  query UrqlList($taskId: ID!, $after: String) {\n    task(id: $taskId) {\n      files(first: 20, after: $after) {\n        nodes { id name size }\n        pageInfo { endCursor hasNextPage }\n      }\n    }\n  }\n": typeof types.UrqlListDocument,
    "\n  subscription UrqlAdded($on: ID!, $after: String) {\n    fileAdded(on: $on, after: $after) { cursor file { id name size } }\n  }\n": typeof types.UrqlAddedDocument,
};
const documents: Documents = {
    "\n  mutation ApolloUpload($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      files { id name size createdAt }\n      errors { filename message }\n    }\n  }\n": types.ApolloUploadDocument,
    "\n  query ApolloList($taskId: ID!, $after: String) {\n    task(id: $taskId) {\n      id\n      files(first: 20, after: $after) {\n        edges { cursor node { id name size } }\n        pageInfo { endCursor hasNextPage }\n      }\n    }\n  }\n": types.ApolloListDocument,
    "\n  subscription ApolloAdded($on: ID!, $after: String) {\n    fileAdded(on: $on, after: $after) { cursor file { id name size } }\n  }\n": types.ApolloAddedDocument,
    "\n  query RequestList($taskId: ID!, $after: String) {\n    task(id: $taskId) {\n      files(first: 20, after: $after) {\n        nodes { databaseId name size url }\n        pageInfo { endCursor hasNextPage }\n      }\n    }\n  }\n": types.RequestListDocument,
    "\n  subscription ExampleAdded($on: ID!, $after: String) {\n    fileAdded(on: $on, after: $after) { cursor file { id name size } }\n  }\n": types.ExampleAddedDocument,
    "\n  mutation UrqlUpload($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      files { id name size createdAt }\n      errors { filename message }\n    }\n  }\n": types.UrqlUploadDocument,
    "\n  query UrqlList($taskId: ID!, $after: String) {\n    task(id: $taskId) {\n      files(first: 20, after: $after) {\n        nodes { id name size }\n        pageInfo { endCursor hasNextPage }\n      }\n    }\n  }\n": types.UrqlListDocument,
    "\n  subscription UrqlAdded($on: ID!, $after: String) {\n    fileAdded(on: $on, after: $after) { cursor file { id name size } }\n  }\n": types.UrqlAddedDocument,
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
export function graphql(source: "\n  mutation ApolloUpload($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      files { id name size createdAt }\n      errors { filename message }\n    }\n  }\n"): (typeof documents)["\n  mutation ApolloUpload($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      files { id name size createdAt }\n      errors { filename message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ApolloList($taskId: ID!, $after: String) {\n    task(id: $taskId) {\n      id\n      files(first: 20, after: $after) {\n        edges { cursor node { id name size } }\n        pageInfo { endCursor hasNextPage }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ApolloList($taskId: ID!, $after: String) {\n    task(id: $taskId) {\n      id\n      files(first: 20, after: $after) {\n        edges { cursor node { id name size } }\n        pageInfo { endCursor hasNextPage }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ApolloAdded($on: ID!, $after: String) {\n    fileAdded(on: $on, after: $after) { cursor file { id name size } }\n  }\n"): (typeof documents)["\n  subscription ApolloAdded($on: ID!, $after: String) {\n    fileAdded(on: $on, after: $after) { cursor file { id name size } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RequestList($taskId: ID!, $after: String) {\n    task(id: $taskId) {\n      files(first: 20, after: $after) {\n        nodes { databaseId name size url }\n        pageInfo { endCursor hasNextPage }\n      }\n    }\n  }\n"): (typeof documents)["\n  query RequestList($taskId: ID!, $after: String) {\n    task(id: $taskId) {\n      files(first: 20, after: $after) {\n        nodes { databaseId name size url }\n        pageInfo { endCursor hasNextPage }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ExampleAdded($on: ID!, $after: String) {\n    fileAdded(on: $on, after: $after) { cursor file { id name size } }\n  }\n"): (typeof documents)["\n  subscription ExampleAdded($on: ID!, $after: String) {\n    fileAdded(on: $on, after: $after) { cursor file { id name size } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UrqlUpload($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      files { id name size createdAt }\n      errors { filename message }\n    }\n  }\n"): (typeof documents)["\n  mutation UrqlUpload($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      files { id name size createdAt }\n      errors { filename message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UrqlList($taskId: ID!, $after: String) {\n    task(id: $taskId) {\n      files(first: 20, after: $after) {\n        nodes { id name size }\n        pageInfo { endCursor hasNextPage }\n      }\n    }\n  }\n"): (typeof documents)["\n  query UrqlList($taskId: ID!, $after: String) {\n    task(id: $taskId) {\n      files(first: 20, after: $after) {\n        nodes { id name size }\n        pageInfo { endCursor hasNextPage }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription UrqlAdded($on: ID!, $after: String) {\n    fileAdded(on: $on, after: $after) { cursor file { id name size } }\n  }\n"): (typeof documents)["\n  subscription UrqlAdded($on: ID!, $after: String) {\n    fileAdded(on: $on, after: $after) { cursor file { id name size } }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;