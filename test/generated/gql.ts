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
    "\n  query EntityFiles($id: ID!) { entity(id: $id) { files { totalCount edges { cursor node { id } } } } }\n": typeof types.EntityFilesDocument,
    "\n  query FileById($id: ID!) { file(id: $id) { id name } }\n": typeof types.FileByIdDocument,
    "\n  query ApolloTask($id: ID!) {\n    task(id: $id) {\n      id\n      title\n      files(first: 50) { totalCount edges { cursor node { id name size } } }\n    }\n  }\n": typeof types.ApolloTaskDocument,
    "\n  mutation ApolloUpload($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      task { id }\n      fileEdges { cursor node { id name size } }\n      filesCount\n      errors { filename code }\n    }\n  }\n": typeof types.ApolloUploadDocument,
    "\n  mutation ApolloRemove($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) { removedFileId }\n  }\n": typeof types.ApolloRemoveDocument,
    "\n  subscription ApolloFileAdded($on: ID!) {\n    fileAdded(on: $on) {\n      file { id name size }\n      fileEdge { cursor node { id name size } }\n      on { id }\n    }\n  }\n": typeof types.ApolloFileAddedDocument,
    "\n  mutation UrqlUpload($input: UploadTaskFilesInput!) {\n    uploadTaskFiles(input: $input) { filesCount fileEdges { node { name } } errors { code } }\n  }\n": typeof types.UrqlUploadDocument,
    "\n  query UrqlUnknownTask { task(id: \"Task:999\") { title } }\n": typeof types.UrqlUnknownTaskDocument,
    "\n  mutation CreateAll {\n    createProject(input: { title: \"New project\", description: \"About it\" }) {\n      project { id databaseId title description viewerCanAttach createdBy { id } files { totalCount } }\n    }\n    createTask(input: { projectId: \"Project:1\", title: \"New task\" }) {\n      task { id title description project { id } createdBy { id } }\n    }\n    createComment(input: { taskId: \"Task:1\", body: \"Said\" }) { comment { id body task { id } createdBy { id } } }\n    createContact(input: { displayName: \"Company\", isCompany: true }) {\n      contact { id displayName title isCompany entityType }\n    }\n    createOpportunity(input: { title: \"New opportunity\" }) { opportunity { id title entityType } }\n    createCase(input: { title: \"New case\" }) { case { id title entityType } }\n  }\n": typeof types.CreateAllDocument,
    "\n  query CreatedNodes($ids: [ID!]!) { nodes(ids: $ids) { id ... on Attachable { viewerCanAttach } } }\n": typeof types.CreatedNodesDocument,
    "\n  query OwnWorkspace {\n    projects { totalCount nodes { id viewerCanAttach tasks { nodes { id viewerCanAttach } } } }\n    project(id: \"Project:1\") { id }\n  }\n": typeof types.OwnWorkspaceDocument,
    "\n  query WhoAsks { viewer { id } }\n": typeof types.WhoAsksDocument,
    "\n  query CountProjects { projects { totalCount } }\n": typeof types.CountProjectsDocument,
    "\n  mutation AddProject { createProject(input: { title: \"P\" }) { project { id } } }\n": typeof types.AddProjectDocument,
    "\n  query WhoListens { viewer { id displayName } }\n": typeof types.WhoListensDocument,
    "\n  query EntityIds($first: Int, $after: String, $last: Int, $before: String) {\n    entities(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      edges { cursor node { id } }\n    }\n  }\n": typeof types.EntityIdsDocument,
    "\n  query EntitiesPage($type: EntityType, $first: Int, $after: String, $last: Int, $before: String) {\n    entities(type: $type, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      edges { cursor node { id } }\n      nodes { id }\n    }\n  }\n": typeof types.EntitiesPageDocument,
    "\n  query ProjectsPage($first: Int, $after: String) {\n    projects(first: $first, after: $after) {\n      pageInfo { hasNextPage endCursor }\n      nodes { id tasks(first: 1) { totalCount pageInfo { hasNextPage } nodes { id } } }\n    }\n  }\n": typeof types.ProjectsPageDocument,
    "\n  query EveryNode($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n      id\n      ... on User { databaseId displayName email isAdmin }\n      ... on Project { databaseId title tasks { nodes { id } } files { totalCount } viewerCanAttach }\n      ... on Task { databaseId title project { id } comments { nodes { id } } }\n      ... on Comment { databaseId body task { id } }\n      ... on Entity { databaseId entityType title createdBy { id } }\n      ... on File { databaseId name size url }\n    }\n  }\n": typeof types.EveryNodeDocument,
    "\n  query OneNode($id: ID!) { node(id: $id) { __typename id } }\n": typeof types.OneNodeDocument,
    "\n  query EachByItsField($file: ID!) {\n    viewer { id isAdmin }\n    project(id: \"Project:1\") { id title createdBy { id } createdAt }\n    task(id: \"Task:1\") { id title description project { id title } }\n    contact: entity(id: \"Contact:1\") { id entityType title ... on Contact { displayName isCompany } }\n    opportunity: entity(id: \"Opportunity:1\") { id entityType title }\n    case: entity(id: \"Case:1\") { id entityType title }\n    file(id: $file) { id name }\n  }\n": typeof types.EachByItsFieldDocument,
    "\n  query Missing($project: ID!, $task: ID!, $entity: ID!, $file: ID!, $node: ID!) {\n    project(id: $project) { id }\n    task(id: $task) { id }\n    entity(id: $entity) { id }\n    file(id: $file) { id }\n    node(id: $node) { id }\n  }\n": typeof types.MissingDocument,
    "\n  query WhatBobSees {\n    viewer { id displayName isAdmin }\n    projects { totalCount nodes { id } }\n    tasks { totalCount nodes { id } }\n    inProject: tasks(projectId: \"Project:1\") { totalCount nodes { id } }\n    entities { totalCount nodes { id } }\n  }\n": typeof types.WhatBobSeesDocument,
    "\n  mutation UploadTaskFiles($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      task { id }\n      files { id databaseId name size contentType sha256 isImage url createdAt createdBy { id displayName } }\n      fileEdges { cursor node { id } }\n      filesCount\n      errors { index filename message code }\n    }\n  }\n": typeof types.UploadTaskFilesDocument,
    "\n  mutation UploadFiles($files: [Upload!]!) {\n    uploadFiles(input: { files: $files }) {\n      files { id databaseId name size contentType sha256 }\n      filesCount\n      errors { index filename message code }\n    }\n  }\n": typeof types.UploadFilesDocument,
    "\n  query TaskFiles($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {\n    task(id: $id) {\n      files(first: $first, after: $after, last: $last, before: $before) {\n        totalCount\n        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        edges { cursor node { id name } }\n      }\n    }\n  }\n": typeof types.TaskFilesDocument,
    "\n  subscription FileAdded($on: ID!) {\n    fileAdded(on: $on) {\n      file { id name size sha256 }\n      fileEdge { cursor node { id } }\n      on { __typename id }\n      actor { id displayName }\n      at\n    }\n  }\n": typeof types.FileAddedDocument,
    "\n  mutation AttachTaskFiles($taskId: ID!, $fileIds: [ID!]!) {\n    attachTaskFiles(input: { taskId: $taskId, fileIds: $fileIds }) {\n      task { id }\n      files { id name }\n      fileEdges { cursor node { id } }\n      filesCount\n    }\n  }\n": typeof types.AttachTaskFilesDocument,
    "\n  mutation AttachEntityFiles($entityId: ID!, $fileIds: [ID!]!) {\n    attachEntityFiles(input: { entityId: $entityId, fileIds: $fileIds }) {\n      entity { __typename id }\n      files { id name }\n      fileEdges { cursor node { id } }\n      filesCount\n    }\n  }\n": typeof types.AttachEntityFilesDocument,
    "\n  mutation RemoveFile($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) { removedFileId }\n  }\n": typeof types.RemoveFileDocument,
};
const documents: Documents = {
    "\n  query EntityFiles($id: ID!) { entity(id: $id) { files { totalCount edges { cursor node { id } } } } }\n": types.EntityFilesDocument,
    "\n  query FileById($id: ID!) { file(id: $id) { id name } }\n": types.FileByIdDocument,
    "\n  query ApolloTask($id: ID!) {\n    task(id: $id) {\n      id\n      title\n      files(first: 50) { totalCount edges { cursor node { id name size } } }\n    }\n  }\n": types.ApolloTaskDocument,
    "\n  mutation ApolloUpload($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      task { id }\n      fileEdges { cursor node { id name size } }\n      filesCount\n      errors { filename code }\n    }\n  }\n": types.ApolloUploadDocument,
    "\n  mutation ApolloRemove($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) { removedFileId }\n  }\n": types.ApolloRemoveDocument,
    "\n  subscription ApolloFileAdded($on: ID!) {\n    fileAdded(on: $on) {\n      file { id name size }\n      fileEdge { cursor node { id name size } }\n      on { id }\n    }\n  }\n": types.ApolloFileAddedDocument,
    "\n  mutation UrqlUpload($input: UploadTaskFilesInput!) {\n    uploadTaskFiles(input: $input) { filesCount fileEdges { node { name } } errors { code } }\n  }\n": types.UrqlUploadDocument,
    "\n  query UrqlUnknownTask { task(id: \"Task:999\") { title } }\n": types.UrqlUnknownTaskDocument,
    "\n  mutation CreateAll {\n    createProject(input: { title: \"New project\", description: \"About it\" }) {\n      project { id databaseId title description viewerCanAttach createdBy { id } files { totalCount } }\n    }\n    createTask(input: { projectId: \"Project:1\", title: \"New task\" }) {\n      task { id title description project { id } createdBy { id } }\n    }\n    createComment(input: { taskId: \"Task:1\", body: \"Said\" }) { comment { id body task { id } createdBy { id } } }\n    createContact(input: { displayName: \"Company\", isCompany: true }) {\n      contact { id displayName title isCompany entityType }\n    }\n    createOpportunity(input: { title: \"New opportunity\" }) { opportunity { id title entityType } }\n    createCase(input: { title: \"New case\" }) { case { id title entityType } }\n  }\n": types.CreateAllDocument,
    "\n  query CreatedNodes($ids: [ID!]!) { nodes(ids: $ids) { id ... on Attachable { viewerCanAttach } } }\n": types.CreatedNodesDocument,
    "\n  query OwnWorkspace {\n    projects { totalCount nodes { id viewerCanAttach tasks { nodes { id viewerCanAttach } } } }\n    project(id: \"Project:1\") { id }\n  }\n": types.OwnWorkspaceDocument,
    "\n  query WhoAsks { viewer { id } }\n": types.WhoAsksDocument,
    "\n  query CountProjects { projects { totalCount } }\n": types.CountProjectsDocument,
    "\n  mutation AddProject { createProject(input: { title: \"P\" }) { project { id } } }\n": types.AddProjectDocument,
    "\n  query WhoListens { viewer { id displayName } }\n": types.WhoListensDocument,
    "\n  query EntityIds($first: Int, $after: String, $last: Int, $before: String) {\n    entities(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      edges { cursor node { id } }\n    }\n  }\n": types.EntityIdsDocument,
    "\n  query EntitiesPage($type: EntityType, $first: Int, $after: String, $last: Int, $before: String) {\n    entities(type: $type, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      edges { cursor node { id } }\n      nodes { id }\n    }\n  }\n": types.EntitiesPageDocument,
    "\n  query ProjectsPage($first: Int, $after: String) {\n    projects(first: $first, after: $after) {\n      pageInfo { hasNextPage endCursor }\n      nodes { id tasks(first: 1) { totalCount pageInfo { hasNextPage } nodes { id } } }\n    }\n  }\n": types.ProjectsPageDocument,
    "\n  query EveryNode($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n      id\n      ... on User { databaseId displayName email isAdmin }\n      ... on Project { databaseId title tasks { nodes { id } } files { totalCount } viewerCanAttach }\n      ... on Task { databaseId title project { id } comments { nodes { id } } }\n      ... on Comment { databaseId body task { id } }\n      ... on Entity { databaseId entityType title createdBy { id } }\n      ... on File { databaseId name size url }\n    }\n  }\n": types.EveryNodeDocument,
    "\n  query OneNode($id: ID!) { node(id: $id) { __typename id } }\n": types.OneNodeDocument,
    "\n  query EachByItsField($file: ID!) {\n    viewer { id isAdmin }\n    project(id: \"Project:1\") { id title createdBy { id } createdAt }\n    task(id: \"Task:1\") { id title description project { id title } }\n    contact: entity(id: \"Contact:1\") { id entityType title ... on Contact { displayName isCompany } }\n    opportunity: entity(id: \"Opportunity:1\") { id entityType title }\n    case: entity(id: \"Case:1\") { id entityType title }\n    file(id: $file) { id name }\n  }\n": types.EachByItsFieldDocument,
    "\n  query Missing($project: ID!, $task: ID!, $entity: ID!, $file: ID!, $node: ID!) {\n    project(id: $project) { id }\n    task(id: $task) { id }\n    entity(id: $entity) { id }\n    file(id: $file) { id }\n    node(id: $node) { id }\n  }\n": types.MissingDocument,
    "\n  query WhatBobSees {\n    viewer { id displayName isAdmin }\n    projects { totalCount nodes { id } }\n    tasks { totalCount nodes { id } }\n    inProject: tasks(projectId: \"Project:1\") { totalCount nodes { id } }\n    entities { totalCount nodes { id } }\n  }\n": types.WhatBobSeesDocument,
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
export function graphql(source: "\n  query EntityFiles($id: ID!) { entity(id: $id) { files { totalCount edges { cursor node { id } } } } }\n"): (typeof documents)["\n  query EntityFiles($id: ID!) { entity(id: $id) { files { totalCount edges { cursor node { id } } } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FileById($id: ID!) { file(id: $id) { id name } }\n"): (typeof documents)["\n  query FileById($id: ID!) { file(id: $id) { id name } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ApolloTask($id: ID!) {\n    task(id: $id) {\n      id\n      title\n      files(first: 50) { totalCount edges { cursor node { id name size } } }\n    }\n  }\n"): (typeof documents)["\n  query ApolloTask($id: ID!) {\n    task(id: $id) {\n      id\n      title\n      files(first: 50) { totalCount edges { cursor node { id name size } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ApolloUpload($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      task { id }\n      fileEdges { cursor node { id name size } }\n      filesCount\n      errors { filename code }\n    }\n  }\n"): (typeof documents)["\n  mutation ApolloUpload($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      task { id }\n      fileEdges { cursor node { id name size } }\n      filesCount\n      errors { filename code }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ApolloRemove($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) { removedFileId }\n  }\n"): (typeof documents)["\n  mutation ApolloRemove($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) { removedFileId }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ApolloFileAdded($on: ID!) {\n    fileAdded(on: $on) {\n      file { id name size }\n      fileEdge { cursor node { id name size } }\n      on { id }\n    }\n  }\n"): (typeof documents)["\n  subscription ApolloFileAdded($on: ID!) {\n    fileAdded(on: $on) {\n      file { id name size }\n      fileEdge { cursor node { id name size } }\n      on { id }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UrqlUpload($input: UploadTaskFilesInput!) {\n    uploadTaskFiles(input: $input) { filesCount fileEdges { node { name } } errors { code } }\n  }\n"): (typeof documents)["\n  mutation UrqlUpload($input: UploadTaskFilesInput!) {\n    uploadTaskFiles(input: $input) { filesCount fileEdges { node { name } } errors { code } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UrqlUnknownTask { task(id: \"Task:999\") { title } }\n"): (typeof documents)["\n  query UrqlUnknownTask { task(id: \"Task:999\") { title } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateAll {\n    createProject(input: { title: \"New project\", description: \"About it\" }) {\n      project { id databaseId title description viewerCanAttach createdBy { id } files { totalCount } }\n    }\n    createTask(input: { projectId: \"Project:1\", title: \"New task\" }) {\n      task { id title description project { id } createdBy { id } }\n    }\n    createComment(input: { taskId: \"Task:1\", body: \"Said\" }) { comment { id body task { id } createdBy { id } } }\n    createContact(input: { displayName: \"Company\", isCompany: true }) {\n      contact { id displayName title isCompany entityType }\n    }\n    createOpportunity(input: { title: \"New opportunity\" }) { opportunity { id title entityType } }\n    createCase(input: { title: \"New case\" }) { case { id title entityType } }\n  }\n"): (typeof documents)["\n  mutation CreateAll {\n    createProject(input: { title: \"New project\", description: \"About it\" }) {\n      project { id databaseId title description viewerCanAttach createdBy { id } files { totalCount } }\n    }\n    createTask(input: { projectId: \"Project:1\", title: \"New task\" }) {\n      task { id title description project { id } createdBy { id } }\n    }\n    createComment(input: { taskId: \"Task:1\", body: \"Said\" }) { comment { id body task { id } createdBy { id } } }\n    createContact(input: { displayName: \"Company\", isCompany: true }) {\n      contact { id displayName title isCompany entityType }\n    }\n    createOpportunity(input: { title: \"New opportunity\" }) { opportunity { id title entityType } }\n    createCase(input: { title: \"New case\" }) { case { id title entityType } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CreatedNodes($ids: [ID!]!) { nodes(ids: $ids) { id ... on Attachable { viewerCanAttach } } }\n"): (typeof documents)["\n  query CreatedNodes($ids: [ID!]!) { nodes(ids: $ids) { id ... on Attachable { viewerCanAttach } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OwnWorkspace {\n    projects { totalCount nodes { id viewerCanAttach tasks { nodes { id viewerCanAttach } } } }\n    project(id: \"Project:1\") { id }\n  }\n"): (typeof documents)["\n  query OwnWorkspace {\n    projects { totalCount nodes { id viewerCanAttach tasks { nodes { id viewerCanAttach } } } }\n    project(id: \"Project:1\") { id }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WhoAsks { viewer { id } }\n"): (typeof documents)["\n  query WhoAsks { viewer { id } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CountProjects { projects { totalCount } }\n"): (typeof documents)["\n  query CountProjects { projects { totalCount } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddProject { createProject(input: { title: \"P\" }) { project { id } } }\n"): (typeof documents)["\n  mutation AddProject { createProject(input: { title: \"P\" }) { project { id } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WhoListens { viewer { id displayName } }\n"): (typeof documents)["\n  query WhoListens { viewer { id displayName } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EntityIds($first: Int, $after: String, $last: Int, $before: String) {\n    entities(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      edges { cursor node { id } }\n    }\n  }\n"): (typeof documents)["\n  query EntityIds($first: Int, $after: String, $last: Int, $before: String) {\n    entities(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      edges { cursor node { id } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EntitiesPage($type: EntityType, $first: Int, $after: String, $last: Int, $before: String) {\n    entities(type: $type, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      edges { cursor node { id } }\n      nodes { id }\n    }\n  }\n"): (typeof documents)["\n  query EntitiesPage($type: EntityType, $first: Int, $after: String, $last: Int, $before: String) {\n    entities(type: $type, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      edges { cursor node { id } }\n      nodes { id }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ProjectsPage($first: Int, $after: String) {\n    projects(first: $first, after: $after) {\n      pageInfo { hasNextPage endCursor }\n      nodes { id tasks(first: 1) { totalCount pageInfo { hasNextPage } nodes { id } } }\n    }\n  }\n"): (typeof documents)["\n  query ProjectsPage($first: Int, $after: String) {\n    projects(first: $first, after: $after) {\n      pageInfo { hasNextPage endCursor }\n      nodes { id tasks(first: 1) { totalCount pageInfo { hasNextPage } nodes { id } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EveryNode($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n      id\n      ... on User { databaseId displayName email isAdmin }\n      ... on Project { databaseId title tasks { nodes { id } } files { totalCount } viewerCanAttach }\n      ... on Task { databaseId title project { id } comments { nodes { id } } }\n      ... on Comment { databaseId body task { id } }\n      ... on Entity { databaseId entityType title createdBy { id } }\n      ... on File { databaseId name size url }\n    }\n  }\n"): (typeof documents)["\n  query EveryNode($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n      id\n      ... on User { databaseId displayName email isAdmin }\n      ... on Project { databaseId title tasks { nodes { id } } files { totalCount } viewerCanAttach }\n      ... on Task { databaseId title project { id } comments { nodes { id } } }\n      ... on Comment { databaseId body task { id } }\n      ... on Entity { databaseId entityType title createdBy { id } }\n      ... on File { databaseId name size url }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OneNode($id: ID!) { node(id: $id) { __typename id } }\n"): (typeof documents)["\n  query OneNode($id: ID!) { node(id: $id) { __typename id } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EachByItsField($file: ID!) {\n    viewer { id isAdmin }\n    project(id: \"Project:1\") { id title createdBy { id } createdAt }\n    task(id: \"Task:1\") { id title description project { id title } }\n    contact: entity(id: \"Contact:1\") { id entityType title ... on Contact { displayName isCompany } }\n    opportunity: entity(id: \"Opportunity:1\") { id entityType title }\n    case: entity(id: \"Case:1\") { id entityType title }\n    file(id: $file) { id name }\n  }\n"): (typeof documents)["\n  query EachByItsField($file: ID!) {\n    viewer { id isAdmin }\n    project(id: \"Project:1\") { id title createdBy { id } createdAt }\n    task(id: \"Task:1\") { id title description project { id title } }\n    contact: entity(id: \"Contact:1\") { id entityType title ... on Contact { displayName isCompany } }\n    opportunity: entity(id: \"Opportunity:1\") { id entityType title }\n    case: entity(id: \"Case:1\") { id entityType title }\n    file(id: $file) { id name }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Missing($project: ID!, $task: ID!, $entity: ID!, $file: ID!, $node: ID!) {\n    project(id: $project) { id }\n    task(id: $task) { id }\n    entity(id: $entity) { id }\n    file(id: $file) { id }\n    node(id: $node) { id }\n  }\n"): (typeof documents)["\n  query Missing($project: ID!, $task: ID!, $entity: ID!, $file: ID!, $node: ID!) {\n    project(id: $project) { id }\n    task(id: $task) { id }\n    entity(id: $entity) { id }\n    file(id: $file) { id }\n    node(id: $node) { id }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WhatBobSees {\n    viewer { id displayName isAdmin }\n    projects { totalCount nodes { id } }\n    tasks { totalCount nodes { id } }\n    inProject: tasks(projectId: \"Project:1\") { totalCount nodes { id } }\n    entities { totalCount nodes { id } }\n  }\n"): (typeof documents)["\n  query WhatBobSees {\n    viewer { id displayName isAdmin }\n    projects { totalCount nodes { id } }\n    tasks { totalCount nodes { id } }\n    inProject: tasks(projectId: \"Project:1\") { totalCount nodes { id } }\n    entities { totalCount nodes { id } }\n  }\n"];
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