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
    "\n  query PlaceFiles($id: ID!, $first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n          eventCursor\n          nodes {\n            ...FileRow\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": typeof types.PlaceFilesDocument,
    "\n  query AllFiles($first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {\n    files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      eventCursor\n      nodes {\n        ...FileRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AllFilesDocument,
    "\n  query FileRowById($id: ID!) {\n    file(id: $id) {\n      ...FileRow\n    }\n  }\n": typeof types.FileRowByIdDocument,
    "\n  fragment FileRow on File {\n    id\n    name\n    size\n    contentType\n    isImage\n    version\n    status\n    available\n    createdAt\n    createdBy {\n      id\n      displayName\n    }\n    thumbnailUrl(width: 64, height: 64, expiresIn: 86400)\n  }\n": typeof types.FileRowFragmentDoc,
    "\n  subscription OnFileEvent($on: ID!, $after: String) {\n    fileEvents(on: $on, after: $after) {\n      cursor\n      type\n      onId\n      previousFileId\n      file {\n        ...FileRow\n      }\n      actor {\n        id\n        displayName\n      }\n    }\n  }\n": typeof types.OnFileEventDocument,
    "\n  query EventCursor($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        files(first: 1) {\n          eventCursor\n        }\n      }\n    }\n  }\n": typeof types.EventCursorDocument,
    "\n  query Place($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n      ... on Attachable {\n        viewerCanAttach\n      }\n      ... on Project {\n        title\n        description\n        canEdit\n        canDelete\n        viewerRole\n      }\n      ... on Task {\n        title\n        description\n        isClosed\n        canEdit\n        project {\n          id\n          title\n        }\n      }\n      ... on Comment {\n        body\n        canEdit\n        canDelete\n        createdAt\n        createdBy {\n          displayName\n        }\n        task {\n          id\n          title\n          project {\n            id\n            title\n          }\n        }\n      }\n      ... on Entity {\n        title\n        entityType\n        isPrivate\n        canEdit\n        canDelete\n      }\n    }\n  }\n": typeof types.PlaceDocument,
    "\n  query Projects($first: Int!, $after: String) {\n    projects(first: $first, after: $after) {\n      nodes {\n        id\n        title\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ProjectsDocument,
    "\n  query Viewer {\n    viewer {\n      id\n      displayName\n      isAdmin\n    }\n  }\n": typeof types.ViewerDocument,
    "\n  mutation UploadToTask($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadTaskFiles(input: { taskId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      files {\n        id\n      }\n      errors {\n        index\n        message\n        code\n      }\n    }\n  }\n": typeof types.UploadToTaskDocument,
    "\n  mutation UploadToProject($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadProjectFiles(input: { projectId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      files {\n        id\n      }\n      errors {\n        index\n        message\n        code\n      }\n    }\n  }\n": typeof types.UploadToProjectDocument,
    "\n  mutation UploadToComment($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadCommentFiles(input: { commentId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      files {\n        id\n      }\n      errors {\n        index\n        message\n        code\n      }\n    }\n  }\n": typeof types.UploadToCommentDocument,
    "\n  mutation UploadToEntity($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadEntityFiles(input: { entityId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      files {\n        id\n      }\n      errors {\n        index\n        message\n        code\n      }\n    }\n  }\n": typeof types.UploadToEntityDocument,
    "\n  mutation RemoveCancelledUpload($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) {\n      removedFileId\n    }\n  }\n": typeof types.RemoveCancelledUploadDocument,
};
const documents: Documents = {
    "\n  query PlaceFiles($id: ID!, $first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n          eventCursor\n          nodes {\n            ...FileRow\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": types.PlaceFilesDocument,
    "\n  query AllFiles($first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {\n    files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      eventCursor\n      nodes {\n        ...FileRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AllFilesDocument,
    "\n  query FileRowById($id: ID!) {\n    file(id: $id) {\n      ...FileRow\n    }\n  }\n": types.FileRowByIdDocument,
    "\n  fragment FileRow on File {\n    id\n    name\n    size\n    contentType\n    isImage\n    version\n    status\n    available\n    createdAt\n    createdBy {\n      id\n      displayName\n    }\n    thumbnailUrl(width: 64, height: 64, expiresIn: 86400)\n  }\n": types.FileRowFragmentDoc,
    "\n  subscription OnFileEvent($on: ID!, $after: String) {\n    fileEvents(on: $on, after: $after) {\n      cursor\n      type\n      onId\n      previousFileId\n      file {\n        ...FileRow\n      }\n      actor {\n        id\n        displayName\n      }\n    }\n  }\n": types.OnFileEventDocument,
    "\n  query EventCursor($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        files(first: 1) {\n          eventCursor\n        }\n      }\n    }\n  }\n": types.EventCursorDocument,
    "\n  query Place($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n      ... on Attachable {\n        viewerCanAttach\n      }\n      ... on Project {\n        title\n        description\n        canEdit\n        canDelete\n        viewerRole\n      }\n      ... on Task {\n        title\n        description\n        isClosed\n        canEdit\n        project {\n          id\n          title\n        }\n      }\n      ... on Comment {\n        body\n        canEdit\n        canDelete\n        createdAt\n        createdBy {\n          displayName\n        }\n        task {\n          id\n          title\n          project {\n            id\n            title\n          }\n        }\n      }\n      ... on Entity {\n        title\n        entityType\n        isPrivate\n        canEdit\n        canDelete\n      }\n    }\n  }\n": types.PlaceDocument,
    "\n  query Projects($first: Int!, $after: String) {\n    projects(first: $first, after: $after) {\n      nodes {\n        id\n        title\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ProjectsDocument,
    "\n  query Viewer {\n    viewer {\n      id\n      displayName\n      isAdmin\n    }\n  }\n": types.ViewerDocument,
    "\n  mutation UploadToTask($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadTaskFiles(input: { taskId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      files {\n        id\n      }\n      errors {\n        index\n        message\n        code\n      }\n    }\n  }\n": types.UploadToTaskDocument,
    "\n  mutation UploadToProject($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadProjectFiles(input: { projectId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      files {\n        id\n      }\n      errors {\n        index\n        message\n        code\n      }\n    }\n  }\n": types.UploadToProjectDocument,
    "\n  mutation UploadToComment($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadCommentFiles(input: { commentId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      files {\n        id\n      }\n      errors {\n        index\n        message\n        code\n      }\n    }\n  }\n": types.UploadToCommentDocument,
    "\n  mutation UploadToEntity($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadEntityFiles(input: { entityId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      files {\n        id\n      }\n      errors {\n        index\n        message\n        code\n      }\n    }\n  }\n": types.UploadToEntityDocument,
    "\n  mutation RemoveCancelledUpload($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) {\n      removedFileId\n    }\n  }\n": types.RemoveCancelledUploadDocument,
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
export function graphql(source: "\n  query PlaceFiles($id: ID!, $first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n          eventCursor\n          nodes {\n            ...FileRow\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PlaceFiles($id: ID!, $first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n          eventCursor\n          nodes {\n            ...FileRow\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AllFiles($first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {\n    files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      eventCursor\n      nodes {\n        ...FileRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query AllFiles($first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {\n    files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      eventCursor\n      nodes {\n        ...FileRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FileRowById($id: ID!) {\n    file(id: $id) {\n      ...FileRow\n    }\n  }\n"): (typeof documents)["\n  query FileRowById($id: ID!) {\n    file(id: $id) {\n      ...FileRow\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment FileRow on File {\n    id\n    name\n    size\n    contentType\n    isImage\n    version\n    status\n    available\n    createdAt\n    createdBy {\n      id\n      displayName\n    }\n    thumbnailUrl(width: 64, height: 64, expiresIn: 86400)\n  }\n"): (typeof documents)["\n  fragment FileRow on File {\n    id\n    name\n    size\n    contentType\n    isImage\n    version\n    status\n    available\n    createdAt\n    createdBy {\n      id\n      displayName\n    }\n    thumbnailUrl(width: 64, height: 64, expiresIn: 86400)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription OnFileEvent($on: ID!, $after: String) {\n    fileEvents(on: $on, after: $after) {\n      cursor\n      type\n      onId\n      previousFileId\n      file {\n        ...FileRow\n      }\n      actor {\n        id\n        displayName\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription OnFileEvent($on: ID!, $after: String) {\n    fileEvents(on: $on, after: $after) {\n      cursor\n      type\n      onId\n      previousFileId\n      file {\n        ...FileRow\n      }\n      actor {\n        id\n        displayName\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EventCursor($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        files(first: 1) {\n          eventCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query EventCursor($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        files(first: 1) {\n          eventCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Place($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n      ... on Attachable {\n        viewerCanAttach\n      }\n      ... on Project {\n        title\n        description\n        canEdit\n        canDelete\n        viewerRole\n      }\n      ... on Task {\n        title\n        description\n        isClosed\n        canEdit\n        project {\n          id\n          title\n        }\n      }\n      ... on Comment {\n        body\n        canEdit\n        canDelete\n        createdAt\n        createdBy {\n          displayName\n        }\n        task {\n          id\n          title\n          project {\n            id\n            title\n          }\n        }\n      }\n      ... on Entity {\n        title\n        entityType\n        isPrivate\n        canEdit\n        canDelete\n      }\n    }\n  }\n"): (typeof documents)["\n  query Place($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n      ... on Attachable {\n        viewerCanAttach\n      }\n      ... on Project {\n        title\n        description\n        canEdit\n        canDelete\n        viewerRole\n      }\n      ... on Task {\n        title\n        description\n        isClosed\n        canEdit\n        project {\n          id\n          title\n        }\n      }\n      ... on Comment {\n        body\n        canEdit\n        canDelete\n        createdAt\n        createdBy {\n          displayName\n        }\n        task {\n          id\n          title\n          project {\n            id\n            title\n          }\n        }\n      }\n      ... on Entity {\n        title\n        entityType\n        isPrivate\n        canEdit\n        canDelete\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Projects($first: Int!, $after: String) {\n    projects(first: $first, after: $after) {\n      nodes {\n        id\n        title\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Projects($first: Int!, $after: String) {\n    projects(first: $first, after: $after) {\n      nodes {\n        id\n        title\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Viewer {\n    viewer {\n      id\n      displayName\n      isAdmin\n    }\n  }\n"): (typeof documents)["\n  query Viewer {\n    viewer {\n      id\n      displayName\n      isAdmin\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UploadToTask($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadTaskFiles(input: { taskId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      files {\n        id\n      }\n      errors {\n        index\n        message\n        code\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UploadToTask($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadTaskFiles(input: { taskId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      files {\n        id\n      }\n      errors {\n        index\n        message\n        code\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UploadToProject($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadProjectFiles(input: { projectId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      files {\n        id\n      }\n      errors {\n        index\n        message\n        code\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UploadToProject($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadProjectFiles(input: { projectId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      files {\n        id\n      }\n      errors {\n        index\n        message\n        code\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UploadToComment($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadCommentFiles(input: { commentId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      files {\n        id\n      }\n      errors {\n        index\n        message\n        code\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UploadToComment($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadCommentFiles(input: { commentId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      files {\n        id\n      }\n      errors {\n        index\n        message\n        code\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UploadToEntity($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadEntityFiles(input: { entityId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      files {\n        id\n      }\n      errors {\n        index\n        message\n        code\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UploadToEntity($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadEntityFiles(input: { entityId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      files {\n        id\n      }\n      errors {\n        index\n        message\n        code\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveCancelledUpload($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) {\n      removedFileId\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveCancelledUpload($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) {\n      removedFileId\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;