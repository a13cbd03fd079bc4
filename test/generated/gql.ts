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
    "\n  query OwnKeys {\n    viewer { id apiKeys { totalCount nodes { id name scope expiresAt revokedAt } } }\n  }\n": typeof types.OwnKeysDocument,
    "\n  query KeyNode($id: ID!) {\n    node(id: $id) { __typename ... on ApiKey { name user { id } } }\n  }\n": typeof types.KeyNodeDocument,
    "\n  mutation DisableUser($userId: ID!) { disableUser(input: { userId: $userId }) { user { id isDisabled isRemoved } } }\n": typeof types.DisableUserDocument,
    "\n  mutation EnableUser($userId: ID!) { enableUser(input: { userId: $userId }) { user { id isDisabled } } }\n": typeof types.EnableUserDocument,
    "\n  mutation RemoveUser($userId: ID!, $erase: Boolean) {\n    removeUser(input: { userId: $userId, erase: $erase }) {\n      user { displayName title email avatarUrl profileUrl isAdmin isDisabled isRemoved }\n    }\n  }\n": typeof types.RemoveUserDocument,
    "\n  query ListedUsers($filter: UserFilter, $first: Int, $after: String, $last: Int) {\n    users(filter: $filter, first: $first, after: $after, last: $last) {\n      totalCount pageInfo { hasNextPage endCursor } nodes { displayName }\n    }\n  }\n": typeof types.ListedUsersDocument,
    "\n  mutation UpdateUser($input: UpdateUserInput!) {\n    updateUser(input: $input) { user { id displayName title email avatarUrl profileUrl isAdmin } }\n  }\n": typeof types.UpdateUserDocument,
    "\n  query UserOf($id: ID!) {\n    user(id: $id) { id displayName title email avatarUrl profileUrl isAdmin createdAt apiKeys { totalCount } }\n  }\n": typeof types.UserOfDocument,
    "\n  query Everybody($first: Int, $after: String) {\n    users(first: $first, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { displayName email }\n    }\n  }\n": typeof types.EverybodyDocument,
    "\n      mutation AddAda($userId: ID!) {\n        addProjectMember(input: { projectId: \"Project:1\", userId: $userId, role: VIEWER }) { memberEdge { role } }\n      }\n    ": typeof types.AddAdaDocument,
    "\n  query ApolloTask($id: ID!) {\n    task(id: $id) {\n      id\n      title\n      files(first: 50) { totalCount edges { cursor node { id name size } } }\n    }\n  }\n": typeof types.ApolloTaskDocument,
    "\n  mutation ApolloUpload($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      task { id }\n      fileEdges { cursor node { id name size } }\n      filesCount\n      errors { filename code }\n    }\n  }\n": typeof types.ApolloUploadDocument,
    "\n  mutation ApolloRemove($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) { removedFileId }\n  }\n": typeof types.ApolloRemoveDocument,
    "\n  subscription ApolloFileAdded($on: ID!) {\n    fileAdded(on: $on) {\n      file { id name size }\n      fileEdge { cursor node { id name size } }\n      on { id }\n    }\n  }\n": typeof types.ApolloFileAddedDocument,
    "\n  mutation UrqlUpload($input: UploadTaskFilesInput!) {\n    uploadTaskFiles(input: $input) { filesCount fileEdges { node { name } } errors { code } }\n  }\n": typeof types.UrqlUploadDocument,
    "\n  query UrqlUnknownTask { task(id: \"Task:999\") { title } }\n": typeof types.UrqlUnknownTaskDocument,
    "\n  query WhoAsks { viewer { id } }\n": typeof types.WhoAsksDocument,
    "\n  query CountProjects { projects { totalCount } }\n": typeof types.CountProjectsDocument,
    "\n  mutation AddProject { createProject(input: { title: \"P\" }) { project { id } } }\n": typeof types.AddProjectDocument,
    "\n  query WhoListens { viewer { id displayName } }\n": typeof types.WhoListensDocument,
    "\n  fragment OnlyofficeContact on Contact {\n    databaseId displayName isCompany smallPhotoUrl mediumPhotoUrl\n    accessList { access user { ...OnlyofficePerson } }\n    isPrivate isShared shareType\n    currency { title symbol abbreviation cultureName isConvertible isBasic }\n    canEdit canDelete\n  }\n": typeof types.OnlyofficeContactFragmentDoc,
    "\n  fragment OnlyofficeCategory on Category { databaseId imagePath title description color sortOrder }\n": typeof types.OnlyofficeCategoryFragmentDoc,
    "\n  fragment CorAttachment on File {\n    databaseId url name createdAt updatedAt size available contentType version status createdFrom\n    createdBy { databaseId }\n    versions { databaseId version }\n    attachedTo { __typename ... on Task { databaseId } ... on Comment { databaseId task { databaseId } } }\n  }\n": typeof types.CorAttachmentFragmentDoc,
    "\n  mutation CorUpload(\n    $taskId: ID!, $files: [Upload!]!, $available: Boolean, $sessionToken: String, $parentId: ID, $status: FileStatus,\n    $createdFrom: FileOrigin\n  ) {\n    uploadTaskFiles(input: {\n      taskId: $taskId, files: $files, available: $available, sessionToken: $sessionToken, parentId: $parentId,\n      status: $status, createdFrom: $createdFrom\n    }) {\n      files { id ...CorAttachment }\n      filesCount\n      task { files(include: COMMENTS) { totalCount } }\n      errors { filename message }\n    }\n  }\n": typeof types.CorUploadDocument,
    "\n  mutation CorComment($taskId: ID!, $files: [Upload!]!) {\n    createComment(input: { taskId: $taskId, body: \"See here\", files: $files }) {\n      comment { databaseId }\n      files { ...CorAttachment }\n    }\n  }\n": typeof types.CorCommentDocument,
    "\n  query CorAttachments($taskId: ID!) {\n    task(id: $taskId) { files(include: COMMENTS) { nodes { ...CorAttachment } } }\n  }\n": typeof types.CorAttachmentsDocument,
    "\n  mutation CorFinish($sessionToken: String!) {\n    finishUploadSession(input: { sessionToken: $sessionToken }) { files { name } }\n  }\n": typeof types.CorFinishDocument,
    "\n  mutation KanboardCreateTaskFile($taskId: ID!, $filename: String!, $blob: Base64!) {\n    createTaskFile(input: { taskId: $taskId, filename: $filename, blob: $blob }) {\n      file { id databaseId }\n      task { project { id } }\n    }\n  }\n": typeof types.KanboardCreateTaskFileDocument,
    "\n  fragment KanboardFile on File {\n    databaseId name url sha256 isImage size createdAt\n    attachedTo { ... on Task { databaseId } }\n    createdBy { databaseId email displayName }\n  }\n": typeof types.KanboardFileFragmentDoc,
    "\n  query KanboardGetAllTaskFiles($taskId: ID!) {\n    task(id: $taskId) { files(orderBy: { field: NAME }) { nodes { ...KanboardFile } } }\n  }\n": typeof types.KanboardGetAllTaskFilesDocument,
    "\n  query KanboardGetTaskFile($fileId: ID!) { file(id: $fileId) { ...KanboardFile } }\n": typeof types.KanboardGetTaskFileDocument,
    "\n  query KanboardDownloadTaskFile($fileId: ID!) { file(id: $fileId) { content(encoding: BASE64) } }\n": typeof types.KanboardDownloadTaskFileDocument,
    "\n  mutation KanboardRemoveTaskFile($fileId: ID!) { removeFile(input: { fileId: $fileId }) { removedFileId } }\n": typeof types.KanboardRemoveTaskFileDocument,
    "\n  mutation KanboardRemoveAllTaskFiles($taskId: ID!) {\n    removeAllTaskFiles(input: { taskId: $taskId }) { removedFileIds task { id } }\n  }\n": typeof types.KanboardRemoveAllTaskFilesDocument,
    "\n  fragment OnlyofficeEvent on HistoryEvent {\n    databaseId createdAt content canEdit\n    createdBy { ...OnlyofficePerson }\n    category { ...OnlyofficeCategory }\n    contact { ...OnlyofficeContact }\n    entity { entityType databaseId title }\n    files { databaseId name updatedAt url updatedBy { ...OnlyofficePerson } }\n  }\n": typeof types.OnlyofficeEventFragmentDoc,
    "\n  mutation OnlyofficeAttachEntityFiles($input: AttachEntityFilesInput!) {\n    attachEntityFiles(input: $input) { historyEvent { ...OnlyofficeEvent } filesCount }\n  }\n": typeof types.OnlyofficeAttachEntityFilesDocument,
    "\n  query OnlyofficeEntityFiles($id: ID!) {\n    entity(id: $id) { files { nodes { databaseId } } history { nodes { ...OnlyofficeEvent } } }\n  }\n": typeof types.OnlyofficeEntityFilesDocument,
    "\n  mutation OnlyofficeRename($fileId: ID!, $name: String!) {\n    updateFile(input: { fileId: $fileId, name: $name }) { file { updatedAt } }\n  }\n": typeof types.OnlyofficeRenameDocument,
    "\n  fragment OnlyofficeTask on Task {\n    databaseId title description deadline alertValue isClosed canEdit createdAt\n    createdBy { ...OnlyofficePerson }\n    responsible { ...OnlyofficePerson }\n    contact { ...OnlyofficeContact email { ...OnlyofficeInfo } }\n    category { ...OnlyofficeCategory }\n    entity { entityType databaseId title }\n  }\n": typeof types.OnlyofficeTaskFragmentDoc,
    "\n  fragment OnlyofficeInfo on ContactInfo { databaseId infoType category categoryName data isPrimary }\n": typeof types.OnlyofficeInfoFragmentDoc,
    "\n  mutation OnlyofficeAttachTaskFiles($taskId: ID!, $fileIds: [ID!]!) {\n    attachTaskFiles(input: { taskId: $taskId, fileIds: $fileIds }) { task { ...OnlyofficeTask } files { id } filesCount }\n  }\n": typeof types.OnlyofficeAttachTaskFilesDocument,
    "\n  query OnlyofficeTaskFiles($taskId: ID!) {\n    task(id: $taskId) { ...OnlyofficeTask files { nodes { id } } }\n  }\n": typeof types.OnlyofficeTaskFilesDocument,
    "\n  query OnlyofficeInfos($id: ID!) { entity(id: $id) { ... on Contact { infos { ...OnlyofficeInfo } } } }\n": typeof types.OnlyofficeInfosDocument,
    "\n  fragment OnlyofficePerson on User { databaseId displayName title avatarUrl profileUrl }\n": typeof types.OnlyofficePersonFragmentDoc,
    "\n  fragment WorksectionFile on File {\n    databaseId name size url createdAt\n    createdBy { databaseId email displayName }\n  }\n": typeof types.WorksectionFileFragmentDoc,
    "\n  mutation WorksectionPostProject($files: [Upload!]!) {\n    createProject(input: { title: \"Relaunch\", files: $files }) {\n      project { id databaseId title }\n      files { databaseId name contentType }\n    }\n  }\n": typeof types.WorksectionPostProjectDocument,
    "\n  mutation WorksectionPostTask($projectId: ID!, $files: [Upload!]!) {\n    createTask(input: { projectId: $projectId, title: \"TASK_NAME\", files: $files }) {\n      task { id title project { id } }\n      files { databaseId name contentType }\n    }\n  }\n": typeof types.WorksectionPostTaskDocument,
    "\n  mutation WorksectionUpdateTask($taskId: ID!, $files: [Upload!]!) {\n    updateTask(input: { taskId: $taskId, title: \"Another title\" }) { task { title } }\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) { files { databaseId name } filesCount }\n  }\n": typeof types.WorksectionUpdateTaskDocument,
    "\n  mutation WorksectionPostComment($taskId: ID!, $files: [Upload!]!) {\n    createComment(input: { taskId: $taskId, body: \"Look at this\", files: $files }) {\n      comment { body task { id } }\n      files { databaseId name }\n    }\n  }\n": typeof types.WorksectionPostCommentDocument,
    "\n  mutation WorksectionUpload($projectId: ID!, $files: [Upload!]!) {\n    uploadProjectFiles(input: { projectId: $projectId, files: $files }) { files { databaseId name } }\n  }\n": typeof types.WorksectionUploadDocument,
    "\n  query WorksectionFilesOfProject($id: ID!) { project(id: $id) { files { nodes { ...WorksectionFile } } } }\n": typeof types.WorksectionFilesOfProjectDocument,
    "\n  query WorksectionFilesOfTask($id: ID!) {\n    task(id: $id) { files(include: COMMENTS) { nodes { ...WorksectionFile } } }\n  }\n": typeof types.WorksectionFilesOfTaskDocument,
    "\n  query EntityIds($first: Int, $after: String, $last: Int, $before: String) {\n    entities(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      edges { cursor node { id } }\n    }\n  }\n": typeof types.EntityIdsDocument,
    "\n  query EntitiesPage($type: EntityType, $first: Int, $after: String, $last: Int, $before: String) {\n    entities(type: $type, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      edges { cursor node { id } }\n      nodes { id }\n    }\n  }\n": typeof types.EntitiesPageDocument,
    "\n  query ProjectsPage($first: Int, $after: String) {\n    projects(first: $first, after: $after) {\n      pageInfo { hasNextPage endCursor }\n      nodes { id tasks(first: 1) { totalCount pageInfo { hasNextPage } nodes { id } } }\n    }\n  }\n": typeof types.ProjectsPageDocument,
    "\n  query EveryNode($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n      id\n      ... on User { databaseId displayName email isAdmin }\n      ... on Project { databaseId title tasks { nodes { id } } files { totalCount } viewerCanAttach }\n      ... on Task { databaseId title project { id } comments { nodes { id } } }\n      ... on Comment { databaseId body task { id } }\n      ... on Entity { databaseId entityType title createdBy { id } }\n      ... on File { databaseId name size url }\n    }\n  }\n": typeof types.EveryNodeDocument,
    "\n  query OneNode($id: ID!) { node(id: $id) { __typename id } }\n": typeof types.OneNodeDocument,
    "\n  query EachByItsField($file: ID!) {\n    viewer { id isAdmin }\n    project(id: \"Project:1\") { id title createdBy { id } createdAt }\n    task(id: \"Task:1\") { id title description project { id title } }\n    contact: entity(id: \"Contact:1\") { id entityType title ... on Contact { displayName isCompany } }\n    opportunity: entity(id: \"Opportunity:1\") { id entityType title }\n    case: entity(id: \"Case:1\") { id entityType title }\n    file(id: $file) { id name }\n  }\n": typeof types.EachByItsFieldDocument,
    "\n  query Missing($project: ID!, $task: ID!, $entity: ID!, $file: ID!, $node: ID!) {\n    project(id: $project) { id }\n    task(id: $task) { id }\n    entity(id: $entity) { id }\n    file(id: $file) { id }\n    node(id: $node) { id }\n  }\n": typeof types.MissingDocument,
    "\n  query WhatBobSees {\n    viewer { id displayName isAdmin }\n    projects { totalCount nodes { id } }\n    tasks { totalCount nodes { id } }\n    inProject: tasks(projectId: \"Project:1\") { totalCount nodes { id } }\n    entities { totalCount nodes { id } }\n  }\n": typeof types.WhatBobSeesDocument,
    "\n  query AuditLog($filter: AuditLogFilter, $first: Int, $after: String, $last: Int, $before: String) {\n    auditLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes {\n        id at action targetId details { name value } actor { id displayName } apiKeyId via address requestId\n      }\n    }\n  }\n": typeof types.AuditLogDocument,
    "\n  mutation UploadTaskFiles($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      task { id }\n      files { id databaseId name size contentType sha256 isImage url createdAt createdBy { id displayName } }\n      fileEdges { cursor node { id } }\n      filesCount\n      errors { index filename message code }\n    }\n  }\n": typeof types.UploadTaskFilesDocument,
    "\n  mutation UploadFiles($files: [Upload!]!) {\n    uploadFiles(input: { files: $files }) {\n      files { id databaseId name size contentType sha256 }\n      filesCount\n      errors { index filename message code }\n    }\n  }\n": typeof types.UploadFilesDocument,
    "\n  query TaskFiles($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {\n    task(id: $id) {\n      files(first: $first, after: $after, last: $last, before: $before) {\n        totalCount\n        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        edges { cursor node { id name } }\n      }\n    }\n  }\n": typeof types.TaskFilesDocument,
    "\n  subscription FileAdded($on: ID!) {\n    fileAdded(on: $on) {\n      file { id name size sha256 }\n      fileEdge { cursor node { id } }\n      on { __typename id }\n      actor { id displayName }\n      at\n    }\n  }\n": typeof types.FileAddedDocument,
    "\n  mutation AttachTaskFiles($taskId: ID!, $fileIds: [ID!]!) {\n    attachTaskFiles(input: { taskId: $taskId, fileIds: $fileIds }) {\n      task { id }\n      files { id name }\n      fileEdges { cursor node { id } }\n      filesCount\n    }\n  }\n": typeof types.AttachTaskFilesDocument,
    "\n  mutation AttachEntityFiles($entityId: ID!, $fileIds: [ID!]!) {\n    attachEntityFiles(input: { entityId: $entityId, fileIds: $fileIds }) {\n      entity { __typename id }\n      files { id name }\n      fileEdges { cursor node { id } }\n      filesCount\n    }\n  }\n": typeof types.AttachEntityFilesDocument,
    "\n  mutation RemoveFile($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) { removedFileId }\n  }\n": typeof types.RemoveFileDocument,
    "\n  mutation CreateContact($input: CreateContactInput!) {\n    createContact(input: $input) {\n      contact {\n        id databaseId entityType title displayName isCompany smallPhotoUrl mediumPhotoUrl\n        infos { databaseId infoType category categoryName data isPrimary }\n        emails { data }\n        email { infoType category categoryName data isPrimary }\n        currency { title symbol abbreviation cultureName isConvertible isBasic }\n        isPrivate isShared shareType\n        accessList { access user { id displayName title avatarUrl profileUrl } }\n        canEdit canDelete createdAt createdBy { id }\n      }\n    }\n  }\n": typeof types.CreateContactDocument,
    "\n  mutation UpdateContact($input: UpdateContactInput!) {\n    updateContact(input: $input) {\n      contact {\n        id displayName isCompany smallPhotoUrl mediumPhotoUrl shareType isShared isPrivate canEdit canDelete\n        currency { abbreviation }\n        infos { infoType data }\n        accessList { access user { id } }\n      }\n    }\n  }\n": typeof types.UpdateContactDocument,
    "\n  mutation DeleteContact($contactId: ID!) {\n    deleteContact(input: { contactId: $contactId }) { deletedId }\n  }\n": typeof types.DeleteContactDocument,
    "\n  query Entity($id: ID!) {\n    entity(id: $id) { __typename id title isPrivate canEdit canDelete accessList { access user { id } } }\n  }\n": typeof types.EntityDocument,
    "\n  query Entities($type: EntityType, $first: Int, $after: String) {\n    entities(type: $type, first: $first, after: $after) {\n      totalCount\n      edges { cursor }\n      nodes { __typename id title canEdit }\n    }\n  }\n": typeof types.EntitiesDocument,
    "\n  mutation CreateOpportunity($input: CreateOpportunityInput!) {\n    createOpportunity(input: $input) {\n      opportunity { id title entityType isPrivate canEdit canDelete accessList { access user { id } } }\n    }\n  }\n": typeof types.CreateOpportunityDocument,
    "\n  mutation CreateCase($input: CreateCaseInput!) {\n    createCase(input: $input) {\n      case { id title entityType isPrivate canEdit canDelete accessList { access user { id } } }\n    }\n  }\n": typeof types.CreateCaseDocument,
    "\n  mutation CreateCategory($input: CreateCategoryInput!) {\n    createCategory(input: $input) {\n      category { id databaseId title description imagePath color sortOrder }\n    }\n  }\n": typeof types.CreateCategoryDocument,
    "\n  mutation DeleteCategory($categoryId: ID!) {\n    deleteCategory(input: { categoryId: $categoryId }) { deletedId }\n  }\n": typeof types.DeleteCategoryDocument,
    "\n  mutation CreateLinkedTask($input: CreateTaskInput!) {\n    createTask(input: $input) { task { id } }\n  }\n": typeof types.CreateLinkedTaskDocument,
    "\n  mutation UpdateOpportunity($input: UpdateOpportunityInput!) {\n    updateOpportunity(input: $input) { opportunity { id title isPrivate accessList { access user { id } } } }\n  }\n": typeof types.UpdateOpportunityDocument,
    "\n  mutation DeleteOpportunity($opportunityId: ID!) {\n    deleteOpportunity(input: { opportunityId: $opportunityId }) { deletedId }\n  }\n": typeof types.DeleteOpportunityDocument,
    "\n  mutation UpdateCase($input: UpdateCaseInput!) {\n    updateCase(input: $input) { case { id title isPrivate accessList { access user { id } } } }\n  }\n": typeof types.UpdateCaseDocument,
    "\n  mutation DeleteCase($caseId: ID!) {\n    deleteCase(input: { caseId: $caseId }) { deletedId }\n  }\n": typeof types.DeleteCaseDocument,
    "\n  mutation CreateUser($input: CreateUserInput!) {\n    createUser(input: $input) {\n      user { id databaseId displayName title email avatarUrl profileUrl isAdmin createdAt }\n      userEdge { cursor node { id } }\n    }\n  }\n": typeof types.CreateUserDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      apiKey { id databaseId name scope createdAt expiresAt revokedAt user { id } }\n      apiKeyEdge { cursor node { id } }\n      key\n    }\n  }\n": typeof types.CreateApiKeyDocument,
    "\n  mutation RevokeApiKey($apiKeyId: ID!) {\n    revokeApiKey(input: { apiKeyId: $apiKeyId }) { apiKey { id revokedAt } }\n  }\n": typeof types.RevokeApiKeyDocument,
    "\n  mutation AddProjectMember($input: AddProjectMemberInput!) {\n    addProjectMember(input: $input) {\n      project { id }\n      memberEdge { cursor role node { id displayName } }\n    }\n  }\n": typeof types.AddProjectMemberDocument,
    "\n  mutation CreateTask($input: CreateTaskInput!) {\n    createTask(input: $input) {\n      task {\n        id databaseId title description deadline alertValue isClosed priority canEdit createdAt\n        responsible { id displayName title avatarUrl profileUrl }\n        responsibles { id }\n        category { id title }\n        contact { id displayName }\n        entity { __typename id entityType databaseId title }\n        project { id }\n        createdBy { id }\n      }\n      taskEdge { cursor node { id } }\n    }\n  }\n": typeof types.CreateTaskDocument,
    "\n  mutation UpdateTask($input: UpdateTaskInput!) {\n    updateTask(input: $input) {\n      task {\n        id title description deadline alertValue isClosed priority\n        responsible { id }\n        responsibles { id }\n        category { id }\n        contact { id }\n        entity { id }\n      }\n    }\n  }\n": typeof types.UpdateTaskDocument,
    "\n  mutation DeleteTask($taskId: ID!) {\n    deleteTask(input: { taskId: $taskId }) { deletedId }\n  }\n": typeof types.DeleteTaskDocument,
    "\n  mutation CreateComment($taskId: ID!, $body: String!) {\n    createComment(input: { taskId: $taskId, body: $body }) {\n      comment { id body task { id } createdBy { id } canEdit canDelete }\n      commentEdge { cursor node { id } }\n    }\n  }\n": typeof types.CreateCommentDocument,
    "\n  mutation UpdateComment($commentId: ID!, $body: String!) {\n    updateComment(input: { commentId: $commentId, body: $body }) { comment { id body } }\n  }\n": typeof types.UpdateCommentDocument,
    "\n  mutation DeleteComment($commentId: ID!) {\n    deleteComment(input: { commentId: $commentId }) { deletedId }\n  }\n": typeof types.DeleteCommentDocument,
    "\n  query CommentOf($id: ID!) {\n    node(id: $id) { ... on Comment { body canEdit canDelete viewerCanAttach } }\n  }\n": typeof types.CommentOfDocument,
    "\n  query TaskOf($id: ID!) {\n    task(id: $id) {\n      title canEdit\n      contact { id }\n      entity { id }\n      comments { totalCount nodes { id } }\n    }\n  }\n": typeof types.TaskOfDocument,
    "\n  query TaskTitles($filter: TaskFilter, $projectId: ID, $first: Int, $after: String) {\n    tasks(filter: $filter, projectId: $projectId, first: $first, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { title }\n    }\n  }\n": typeof types.TaskTitlesDocument,
    "\n  query Categories($first: Int, $after: String, $last: Int, $before: String) {\n    categories(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage }\n      edges { cursor node { title sortOrder } }\n    }\n  }\n": typeof types.CategoriesDocument,
    "\n  mutation UpdateCategory($input: UpdateCategoryInput!) {\n    updateCategory(input: $input) {\n      category { id title description imagePath color sortOrder }\n    }\n  }\n": typeof types.UpdateCategoryDocument,
    "\n  query CategoryNode($id: ID!) {\n    node(id: $id) { ... on Category { id title } }\n  }\n": typeof types.CategoryNodeDocument,
    "\n  query Currencies {\n    currencies { abbreviation title symbol cultureName isConvertible isBasic }\n  }\n": typeof types.CurrenciesDocument,
    "\n  query CategoryOfTask($id: ID!) {\n    task(id: $id) { title category { title } }\n  }\n": typeof types.CategoryOfTaskDocument,
    "\n  mutation UploadCommentFile($commentId: ID!, $files: [Upload!]!) {\n    uploadCommentFiles(input: { commentId: $commentId, files: $files }) { files { id } }\n  }\n": typeof types.UploadCommentFileDocument,
    "\n  query FilesById($ids: [ID!]!) {\n    nodes(ids: $ids) { ... on File { id } }\n    project(id: \"Project:1\") { usedFiles usedBytes }\n  }\n": typeof types.FilesByIdDocument,
    "\n  mutation Twice($off: UpdateContactInput!, $on: UpdateContactInput!) {\n    off: updateContact(input: $off) { contact { isPrivate infos { data } accessList { user { id } } } }\n    on: updateContact(input: $on) { contact { isPrivate infos { data } accessList { user { id } } } }\n  }\n": typeof types.TwiceDocument,
    "\n  query ContactOfTask($id: ID!) {\n    task(id: $id) { title contact { id } }\n  }\n": typeof types.ContactOfTaskDocument,
    "\n  mutation CreateAll {\n    createProject(input: { title: \"New project\", description: \"About it\" }) {\n      project { id databaseId title description viewerCanAttach createdBy { id } files { totalCount } }\n    }\n    createTask(input: { projectId: \"Project:1\", title: \"New task\" }) {\n      task { id title description project { id } createdBy { id } }\n    }\n    createComment(input: { taskId: \"Task:1\", body: \"Said\" }) { comment { id body task { id } createdBy { id } } }\n    createContact(input: { displayName: \"Company\", isCompany: true }) {\n      contact { id displayName title isCompany entityType }\n    }\n    createOpportunity(input: { title: \"New opportunity\" }) { opportunity { id title entityType } }\n    createCase(input: { title: \"New case\" }) { case { id title entityType } }\n  }\n": typeof types.CreateAllDocument,
    "\n  query CreatedNodes($ids: [ID!]!) { nodes(ids: $ids) { id ... on Attachable { viewerCanAttach } } }\n": typeof types.CreatedNodesDocument,
    "\n  query OwnWorkspace {\n    projects { totalCount nodes { id viewerCanAttach tasks { nodes { id viewerCanAttach } } } }\n    project(id: \"Project:1\") { id }\n  }\n": typeof types.OwnWorkspaceDocument,
    "\n  query AnyNode($id: ID!) {\n    node(id: $id) { id }\n  }\n": typeof types.AnyNodeDocument,
    "\n  mutation AttachWithHistory($input: AttachEntityFilesInput!) {\n    attachEntityFiles(input: $input) {\n      historyEvent {\n        id databaseId content createdAt canEdit\n        createdBy { id displayName }\n        category { id title }\n        contact { id displayName }\n        entity { __typename id title entityType databaseId }\n        files { id name }\n      }\n    }\n  }\n": typeof types.AttachWithHistoryDocument,
    "\n  query History($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {\n    entity(id: $id) {\n      history(first: $first, after: $after, last: $last, before: $before) {\n        totalCount\n        pageInfo { hasNextPage hasPreviousPage }\n        edges { cursor node { id content canEdit category { title } files { name } } }\n      }\n    }\n  }\n": typeof types.HistoryDocument,
    "\n  query HistoryEventNode($id: ID!) {\n    node(id: $id) { ... on HistoryEvent { id content files { name } } }\n  }\n": typeof types.HistoryEventNodeDocument,
    "\n  mutation HideFile($fileId: ID!) {\n    updateFile(input: { fileId: $fileId, available: false }) { file { id } }\n  }\n": typeof types.HideFileDocument,
    "query FilesOfEntity($id: ID!) { entity(id: $id) { files { totalCount } } }": typeof types.FilesOfEntityDocument,
    "\n  mutation UpdateProjectMember($projectId: ID!, $userId: ID!, $role: ProjectRole!) {\n    updateProjectMember(input: { projectId: $projectId, userId: $userId, role: $role }) {\n      project { id }\n      memberEdge { role node { id } }\n    }\n  }\n": typeof types.UpdateProjectMemberDocument,
    "\n  mutation RemoveProjectMember($projectId: ID!, $userId: ID!) {\n    removeProjectMember(input: { projectId: $projectId, userId: $userId }) { project { id } removedUserId }\n  }\n": typeof types.RemoveProjectMemberDocument,
    "\n  query ProjectAs {\n    project(id: \"Project:1\") { title viewerRole canEdit canDelete viewerCanAttach maxBytes maxFiles }\n  }\n": typeof types.ProjectAsDocument,
    "\n  query MembersOf($first: Int, $after: String, $last: Int, $before: String) {\n    project(id: \"Project:1\") {\n      members(first: $first, after: $after, last: $last, before: $before) {\n        totalCount\n        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        edges { role cursor node { displayName } }\n      }\n    }\n  }\n": typeof types.MembersOfDocument,
    "\n  mutation CreateProject($title: String!, $description: String) {\n    createProject(input: { title: $title, description: $description }) {\n      project { id databaseId title description usedBytes usedFiles maxBytes maxFiles viewerRole createdBy { id } createdAt }\n      projectEdge { cursor node { id } }\n    }\n  }\n": typeof types.CreateProjectDocument,
    "\n  mutation UpdateProject($input: UpdateProjectInput!) {\n    updateProject(input: $input) { project { id title description maxBytes maxFiles usedBytes usedFiles } }\n  }\n": typeof types.UpdateProjectDocument,
    "\n  mutation DeleteProject($projectId: ID!) {\n    deleteProject(input: { projectId: $projectId }) { deletedId }\n  }\n": typeof types.DeleteProjectDocument,
    "\n  query ProjectTitles {\n    projects { totalCount nodes { id title usedBytes usedFiles } }\n  }\n": typeof types.ProjectTitlesDocument,
    "\n  mutation TwoUpdates($first: [ID!], $second: [ID!]) {\n    first: updateTask(input: { taskId: \"Task:1\", responsibleIds: $first }) { task { responsibles { id } } }\n    second: updateTask(input: { taskId: \"Task:1\", responsibleIds: $second }) { task { responsibles { id } } }\n  }\n": typeof types.TwoUpdatesDocument,
    "\n  query TasksInFull {\n    tasks(first: 100) {\n      nodes {\n        canEdit viewerCanAttach\n        responsible { id email }\n        responsibles { id displayName email }\n        category { title }\n        contact { displayName canEdit }\n        entity { title }\n        project { title usedBytes usedFiles viewerRole canEdit canDelete }\n        createdBy { email }\n      }\n    }\n  }\n": typeof types.TasksInFullDocument,
};
const documents: Documents = {
    "\n  query EntityFiles($id: ID!) { entity(id: $id) { files { totalCount edges { cursor node { id } } } } }\n": types.EntityFilesDocument,
    "\n  query FileById($id: ID!) { file(id: $id) { id name } }\n": types.FileByIdDocument,
    "\n  query OwnKeys {\n    viewer { id apiKeys { totalCount nodes { id name scope expiresAt revokedAt } } }\n  }\n": types.OwnKeysDocument,
    "\n  query KeyNode($id: ID!) {\n    node(id: $id) { __typename ... on ApiKey { name user { id } } }\n  }\n": types.KeyNodeDocument,
    "\n  mutation DisableUser($userId: ID!) { disableUser(input: { userId: $userId }) { user { id isDisabled isRemoved } } }\n": types.DisableUserDocument,
    "\n  mutation EnableUser($userId: ID!) { enableUser(input: { userId: $userId }) { user { id isDisabled } } }\n": types.EnableUserDocument,
    "\n  mutation RemoveUser($userId: ID!, $erase: Boolean) {\n    removeUser(input: { userId: $userId, erase: $erase }) {\n      user { displayName title email avatarUrl profileUrl isAdmin isDisabled isRemoved }\n    }\n  }\n": types.RemoveUserDocument,
    "\n  query ListedUsers($filter: UserFilter, $first: Int, $after: String, $last: Int) {\n    users(filter: $filter, first: $first, after: $after, last: $last) {\n      totalCount pageInfo { hasNextPage endCursor } nodes { displayName }\n    }\n  }\n": types.ListedUsersDocument,
    "\n  mutation UpdateUser($input: UpdateUserInput!) {\n    updateUser(input: $input) { user { id displayName title email avatarUrl profileUrl isAdmin } }\n  }\n": types.UpdateUserDocument,
    "\n  query UserOf($id: ID!) {\n    user(id: $id) { id displayName title email avatarUrl profileUrl isAdmin createdAt apiKeys { totalCount } }\n  }\n": types.UserOfDocument,
    "\n  query Everybody($first: Int, $after: String) {\n    users(first: $first, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { displayName email }\n    }\n  }\n": types.EverybodyDocument,
    "\n      mutation AddAda($userId: ID!) {\n        addProjectMember(input: { projectId: \"Project:1\", userId: $userId, role: VIEWER }) { memberEdge { role } }\n      }\n    ": types.AddAdaDocument,
    "\n  query ApolloTask($id: ID!) {\n    task(id: $id) {\n      id\n      title\n      files(first: 50) { totalCount edges { cursor node { id name size } } }\n    }\n  }\n": types.ApolloTaskDocument,
    "\n  mutation ApolloUpload($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      task { id }\n      fileEdges { cursor node { id name size } }\n      filesCount\n      errors { filename code }\n    }\n  }\n": types.ApolloUploadDocument,
    "\n  mutation ApolloRemove($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) { removedFileId }\n  }\n": types.ApolloRemoveDocument,
    "\n  subscription ApolloFileAdded($on: ID!) {\n    fileAdded(on: $on) {\n      file { id name size }\n      fileEdge { cursor node { id name size } }\n      on { id }\n    }\n  }\n": types.ApolloFileAddedDocument,
    "\n  mutation UrqlUpload($input: UploadTaskFilesInput!) {\n    uploadTaskFiles(input: $input) { filesCount fileEdges { node { name } } errors { code } }\n  }\n": types.UrqlUploadDocument,
    "\n  query UrqlUnknownTask { task(id: \"Task:999\") { title } }\n": types.UrqlUnknownTaskDocument,
    "\n  query WhoAsks { viewer { id } }\n": types.WhoAsksDocument,
    "\n  query CountProjects { projects { totalCount } }\n": types.CountProjectsDocument,
    "\n  mutation AddProject { createProject(input: { title: \"P\" }) { project { id } } }\n": types.AddProjectDocument,
    "\n  query WhoListens { viewer { id displayName } }\n": types.WhoListensDocument,
    "\n  fragment OnlyofficeContact on Contact {\n    databaseId displayName isCompany smallPhotoUrl mediumPhotoUrl\n    accessList { access user { ...OnlyofficePerson } }\n    isPrivate isShared shareType\n    currency { title symbol abbreviation cultureName isConvertible isBasic }\n    canEdit canDelete\n  }\n": types.OnlyofficeContactFragmentDoc,
    "\n  fragment OnlyofficeCategory on Category { databaseId imagePath title description color sortOrder }\n": types.OnlyofficeCategoryFragmentDoc,
    "\n  fragment CorAttachment on File {\n    databaseId url name createdAt updatedAt size available contentType version status createdFrom\n    createdBy { databaseId }\n    versions { databaseId version }\n    attachedTo { __typename ... on Task { databaseId } ... on Comment { databaseId task { databaseId } } }\n  }\n": types.CorAttachmentFragmentDoc,
    "\n  mutation CorUpload(\n    $taskId: ID!, $files: [Upload!]!, $available: Boolean, $sessionToken: String, $parentId: ID, $status: FileStatus,\n    $createdFrom: FileOrigin\n  ) {\n    uploadTaskFiles(input: {\n      taskId: $taskId, files: $files, available: $available, sessionToken: $sessionToken, parentId: $parentId,\n      status: $status, createdFrom: $createdFrom\n    }) {\n      files { id ...CorAttachment }\n      filesCount\n      task { files(include: COMMENTS) { totalCount } }\n      errors { filename message }\n    }\n  }\n": types.CorUploadDocument,
    "\n  mutation CorComment($taskId: ID!, $files: [Upload!]!) {\n    createComment(input: { taskId: $taskId, body: \"See here\", files: $files }) {\n      comment { databaseId }\n      files { ...CorAttachment }\n    }\n  }\n": types.CorCommentDocument,
    "\n  query CorAttachments($taskId: ID!) {\n    task(id: $taskId) { files(include: COMMENTS) { nodes { ...CorAttachment } } }\n  }\n": types.CorAttachmentsDocument,
    "\n  mutation CorFinish($sessionToken: String!) {\n    finishUploadSession(input: { sessionToken: $sessionToken }) { files { name } }\n  }\n": types.CorFinishDocument,
    "\n  mutation KanboardCreateTaskFile($taskId: ID!, $filename: String!, $blob: Base64!) {\n    createTaskFile(input: { taskId: $taskId, filename: $filename, blob: $blob }) {\n      file { id databaseId }\n      task { project { id } }\n    }\n  }\n": types.KanboardCreateTaskFileDocument,
    "\n  fragment KanboardFile on File {\n    databaseId name url sha256 isImage size createdAt\n    attachedTo { ... on Task { databaseId } }\n    createdBy { databaseId email displayName }\n  }\n": types.KanboardFileFragmentDoc,
    "\n  query KanboardGetAllTaskFiles($taskId: ID!) {\n    task(id: $taskId) { files(orderBy: { field: NAME }) { nodes { ...KanboardFile } } }\n  }\n": types.KanboardGetAllTaskFilesDocument,
    "\n  query KanboardGetTaskFile($fileId: ID!) { file(id: $fileId) { ...KanboardFile } }\n": types.KanboardGetTaskFileDocument,
    "\n  query KanboardDownloadTaskFile($fileId: ID!) { file(id: $fileId) { content(encoding: BASE64) } }\n": types.KanboardDownloadTaskFileDocument,
    "\n  mutation KanboardRemoveTaskFile($fileId: ID!) { removeFile(input: { fileId: $fileId }) { removedFileId } }\n": types.KanboardRemoveTaskFileDocument,
    "\n  mutation KanboardRemoveAllTaskFiles($taskId: ID!) {\n    removeAllTaskFiles(input: { taskId: $taskId }) { removedFileIds task { id } }\n  }\n": types.KanboardRemoveAllTaskFilesDocument,
    "\n  fragment OnlyofficeEvent on HistoryEvent {\n    databaseId createdAt content canEdit\n    createdBy { ...OnlyofficePerson }\n    category { ...OnlyofficeCategory }\n    contact { ...OnlyofficeContact }\n    entity { entityType databaseId title }\n    files { databaseId name updatedAt url updatedBy { ...OnlyofficePerson } }\n  }\n": types.OnlyofficeEventFragmentDoc,
    "\n  mutation OnlyofficeAttachEntityFiles($input: AttachEntityFilesInput!) {\n    attachEntityFiles(input: $input) { historyEvent { ...OnlyofficeEvent } filesCount }\n  }\n": types.OnlyofficeAttachEntityFilesDocument,
    "\n  query OnlyofficeEntityFiles($id: ID!) {\n    entity(id: $id) { files { nodes { databaseId } } history { nodes { ...OnlyofficeEvent } } }\n  }\n": types.OnlyofficeEntityFilesDocument,
    "\n  mutation OnlyofficeRename($fileId: ID!, $name: String!) {\n    updateFile(input: { fileId: $fileId, name: $name }) { file { updatedAt } }\n  }\n": types.OnlyofficeRenameDocument,
    "\n  fragment OnlyofficeTask on Task {\n    databaseId title description deadline alertValue isClosed canEdit createdAt\n    createdBy { ...OnlyofficePerson }\n    responsible { ...OnlyofficePerson }\n    contact { ...OnlyofficeContact email { ...OnlyofficeInfo } }\n    category { ...OnlyofficeCategory }\n    entity { entityType databaseId title }\n  }\n": types.OnlyofficeTaskFragmentDoc,
    "\n  fragment OnlyofficeInfo on ContactInfo { databaseId infoType category categoryName data isPrimary }\n": types.OnlyofficeInfoFragmentDoc,
    "\n  mutation OnlyofficeAttachTaskFiles($taskId: ID!, $fileIds: [ID!]!) {\n    attachTaskFiles(input: { taskId: $taskId, fileIds: $fileIds }) { task { ...OnlyofficeTask } files { id } filesCount }\n  }\n": types.OnlyofficeAttachTaskFilesDocument,
    "\n  query OnlyofficeTaskFiles($taskId: ID!) {\n    task(id: $taskId) { ...OnlyofficeTask files { nodes { id } } }\n  }\n": types.OnlyofficeTaskFilesDocument,
    "\n  query OnlyofficeInfos($id: ID!) { entity(id: $id) { ... on Contact { infos { ...OnlyofficeInfo } } } }\n": types.OnlyofficeInfosDocument,
    "\n  fragment OnlyofficePerson on User { databaseId displayName title avatarUrl profileUrl }\n": types.OnlyofficePersonFragmentDoc,
    "\n  fragment WorksectionFile on File {\n    databaseId name size url createdAt\n    createdBy { databaseId email displayName }\n  }\n": types.WorksectionFileFragmentDoc,
    "\n  mutation WorksectionPostProject($files: [Upload!]!) {\n    createProject(input: { title: \"Relaunch\", files: $files }) {\n      project { id databaseId title }\n      files { databaseId name contentType }\n    }\n  }\n": types.WorksectionPostProjectDocument,
    "\n  mutation WorksectionPostTask($projectId: ID!, $files: [Upload!]!) {\n    createTask(input: { projectId: $projectId, title: \"TASK_NAME\", files: $files }) {\n      task { id title project { id } }\n      files { databaseId name contentType }\n    }\n  }\n": types.WorksectionPostTaskDocument,
    "\n  mutation WorksectionUpdateTask($taskId: ID!, $files: [Upload!]!) {\n    updateTask(input: { taskId: $taskId, title: \"Another title\" }) { task { title } }\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) { files { databaseId name } filesCount }\n  }\n": types.WorksectionUpdateTaskDocument,
    "\n  mutation WorksectionPostComment($taskId: ID!, $files: [Upload!]!) {\n    createComment(input: { taskId: $taskId, body: \"Look at this\", files: $files }) {\n      comment { body task { id } }\n      files { databaseId name }\n    }\n  }\n": types.WorksectionPostCommentDocument,
    "\n  mutation WorksectionUpload($projectId: ID!, $files: [Upload!]!) {\n    uploadProjectFiles(input: { projectId: $projectId, files: $files }) { files { databaseId name } }\n  }\n": types.WorksectionUploadDocument,
    "\n  query WorksectionFilesOfProject($id: ID!) { project(id: $id) { files { nodes { ...WorksectionFile } } } }\n": types.WorksectionFilesOfProjectDocument,
    "\n  query WorksectionFilesOfTask($id: ID!) {\n    task(id: $id) { files(include: COMMENTS) { nodes { ...WorksectionFile } } }\n  }\n": types.WorksectionFilesOfTaskDocument,
    "\n  query EntityIds($first: Int, $after: String, $last: Int, $before: String) {\n    entities(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      edges { cursor node { id } }\n    }\n  }\n": types.EntityIdsDocument,
    "\n  query EntitiesPage($type: EntityType, $first: Int, $after: String, $last: Int, $before: String) {\n    entities(type: $type, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      edges { cursor node { id } }\n      nodes { id }\n    }\n  }\n": types.EntitiesPageDocument,
    "\n  query ProjectsPage($first: Int, $after: String) {\n    projects(first: $first, after: $after) {\n      pageInfo { hasNextPage endCursor }\n      nodes { id tasks(first: 1) { totalCount pageInfo { hasNextPage } nodes { id } } }\n    }\n  }\n": types.ProjectsPageDocument,
    "\n  query EveryNode($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n      id\n      ... on User { databaseId displayName email isAdmin }\n      ... on Project { databaseId title tasks { nodes { id } } files { totalCount } viewerCanAttach }\n      ... on Task { databaseId title project { id } comments { nodes { id } } }\n      ... on Comment { databaseId body task { id } }\n      ... on Entity { databaseId entityType title createdBy { id } }\n      ... on File { databaseId name size url }\n    }\n  }\n": types.EveryNodeDocument,
    "\n  query OneNode($id: ID!) { node(id: $id) { __typename id } }\n": types.OneNodeDocument,
    "\n  query EachByItsField($file: ID!) {\n    viewer { id isAdmin }\n    project(id: \"Project:1\") { id title createdBy { id } createdAt }\n    task(id: \"Task:1\") { id title description project { id title } }\n    contact: entity(id: \"Contact:1\") { id entityType title ... on Contact { displayName isCompany } }\n    opportunity: entity(id: \"Opportunity:1\") { id entityType title }\n    case: entity(id: \"Case:1\") { id entityType title }\n    file(id: $file) { id name }\n  }\n": types.EachByItsFieldDocument,
    "\n  query Missing($project: ID!, $task: ID!, $entity: ID!, $file: ID!, $node: ID!) {\n    project(id: $project) { id }\n    task(id: $task) { id }\n    entity(id: $entity) { id }\n    file(id: $file) { id }\n    node(id: $node) { id }\n  }\n": types.MissingDocument,
    "\n  query WhatBobSees {\n    viewer { id displayName isAdmin }\n    projects { totalCount nodes { id } }\n    tasks { totalCount nodes { id } }\n    inProject: tasks(projectId: \"Project:1\") { totalCount nodes { id } }\n    entities { totalCount nodes { id } }\n  }\n": types.WhatBobSeesDocument,
    "\n  query AuditLog($filter: AuditLogFilter, $first: Int, $after: String, $last: Int, $before: String) {\n    auditLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes {\n        id at action targetId details { name value } actor { id displayName } apiKeyId via address requestId\n      }\n    }\n  }\n": types.AuditLogDocument,
    "\n  mutation UploadTaskFiles($taskId: ID!, $files: [Upload!]!) {\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {\n      task { id }\n      files { id databaseId name size contentType sha256 isImage url createdAt createdBy { id displayName } }\n      fileEdges { cursor node { id } }\n      filesCount\n      errors { index filename message code }\n    }\n  }\n": types.UploadTaskFilesDocument,
    "\n  mutation UploadFiles($files: [Upload!]!) {\n    uploadFiles(input: { files: $files }) {\n      files { id databaseId name size contentType sha256 }\n      filesCount\n      errors { index filename message code }\n    }\n  }\n": types.UploadFilesDocument,
    "\n  query TaskFiles($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {\n    task(id: $id) {\n      files(first: $first, after: $after, last: $last, before: $before) {\n        totalCount\n        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        edges { cursor node { id name } }\n      }\n    }\n  }\n": types.TaskFilesDocument,
    "\n  subscription FileAdded($on: ID!) {\n    fileAdded(on: $on) {\n      file { id name size sha256 }\n      fileEdge { cursor node { id } }\n      on { __typename id }\n      actor { id displayName }\n      at\n    }\n  }\n": types.FileAddedDocument,
    "\n  mutation AttachTaskFiles($taskId: ID!, $fileIds: [ID!]!) {\n    attachTaskFiles(input: { taskId: $taskId, fileIds: $fileIds }) {\n      task { id }\n      files { id name }\n      fileEdges { cursor node { id } }\n      filesCount\n    }\n  }\n": types.AttachTaskFilesDocument,
    "\n  mutation AttachEntityFiles($entityId: ID!, $fileIds: [ID!]!) {\n    attachEntityFiles(input: { entityId: $entityId, fileIds: $fileIds }) {\n      entity { __typename id }\n      files { id name }\n      fileEdges { cursor node { id } }\n      filesCount\n    }\n  }\n": types.AttachEntityFilesDocument,
    "\n  mutation RemoveFile($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) { removedFileId }\n  }\n": types.RemoveFileDocument,
    "\n  mutation CreateContact($input: CreateContactInput!) {\n    createContact(input: $input) {\n      contact {\n        id databaseId entityType title displayName isCompany smallPhotoUrl mediumPhotoUrl\n        infos { databaseId infoType category categoryName data isPrimary }\n        emails { data }\n        email { infoType category categoryName data isPrimary }\n        currency { title symbol abbreviation cultureName isConvertible isBasic }\n        isPrivate isShared shareType\n        accessList { access user { id displayName title avatarUrl profileUrl } }\n        canEdit canDelete createdAt createdBy { id }\n      }\n    }\n  }\n": types.CreateContactDocument,
    "\n  mutation UpdateContact($input: UpdateContactInput!) {\n    updateContact(input: $input) {\n      contact {\n        id displayName isCompany smallPhotoUrl mediumPhotoUrl shareType isShared isPrivate canEdit canDelete\n        currency { abbreviation }\n        infos { infoType data }\n        accessList { access user { id } }\n      }\n    }\n  }\n": types.UpdateContactDocument,
    "\n  mutation DeleteContact($contactId: ID!) {\n    deleteContact(input: { contactId: $contactId }) { deletedId }\n  }\n": types.DeleteContactDocument,
    "\n  query Entity($id: ID!) {\n    entity(id: $id) { __typename id title isPrivate canEdit canDelete accessList { access user { id } } }\n  }\n": types.EntityDocument,
    "\n  query Entities($type: EntityType, $first: Int, $after: String) {\n    entities(type: $type, first: $first, after: $after) {\n      totalCount\n      edges { cursor }\n      nodes { __typename id title canEdit }\n    }\n  }\n": types.EntitiesDocument,
    "\n  mutation CreateOpportunity($input: CreateOpportunityInput!) {\n    createOpportunity(input: $input) {\n      opportunity { id title entityType isPrivate canEdit canDelete accessList { access user { id } } }\n    }\n  }\n": types.CreateOpportunityDocument,
    "\n  mutation CreateCase($input: CreateCaseInput!) {\n    createCase(input: $input) {\n      case { id title entityType isPrivate canEdit canDelete accessList { access user { id } } }\n    }\n  }\n": types.CreateCaseDocument,
    "\n  mutation CreateCategory($input: CreateCategoryInput!) {\n    createCategory(input: $input) {\n      category { id databaseId title description imagePath color sortOrder }\n    }\n  }\n": types.CreateCategoryDocument,
    "\n  mutation DeleteCategory($categoryId: ID!) {\n    deleteCategory(input: { categoryId: $categoryId }) { deletedId }\n  }\n": types.DeleteCategoryDocument,
    "\n  mutation CreateLinkedTask($input: CreateTaskInput!) {\n    createTask(input: $input) { task { id } }\n  }\n": types.CreateLinkedTaskDocument,
    "\n  mutation UpdateOpportunity($input: UpdateOpportunityInput!) {\n    updateOpportunity(input: $input) { opportunity { id title isPrivate accessList { access user { id } } } }\n  }\n": types.UpdateOpportunityDocument,
    "\n  mutation DeleteOpportunity($opportunityId: ID!) {\n    deleteOpportunity(input: { opportunityId: $opportunityId }) { deletedId }\n  }\n": types.DeleteOpportunityDocument,
    "\n  mutation UpdateCase($input: UpdateCaseInput!) {\n    updateCase(input: $input) { case { id title isPrivate accessList { access user { id } } } }\n  }\n": types.UpdateCaseDocument,
    "\n  mutation DeleteCase($caseId: ID!) {\n    deleteCase(input: { caseId: $caseId }) { deletedId }\n  }\n": types.DeleteCaseDocument,
    "\n  mutation CreateUser($input: CreateUserInput!) {\n    createUser(input: $input) {\n      user { id databaseId displayName title email avatarUrl profileUrl isAdmin createdAt }\n      userEdge { cursor node { id } }\n    }\n  }\n": types.CreateUserDocument,
    "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      apiKey { id databaseId name scope createdAt expiresAt revokedAt user { id } }\n      apiKeyEdge { cursor node { id } }\n      key\n    }\n  }\n": types.CreateApiKeyDocument,
    "\n  mutation RevokeApiKey($apiKeyId: ID!) {\n    revokeApiKey(input: { apiKeyId: $apiKeyId }) { apiKey { id revokedAt } }\n  }\n": types.RevokeApiKeyDocument,
    "\n  mutation AddProjectMember($input: AddProjectMemberInput!) {\n    addProjectMember(input: $input) {\n      project { id }\n      memberEdge { cursor role node { id displayName } }\n    }\n  }\n": types.AddProjectMemberDocument,
    "\n  mutation CreateTask($input: CreateTaskInput!) {\n    createTask(input: $input) {\n      task {\n        id databaseId title description deadline alertValue isClosed priority canEdit createdAt\n        responsible { id displayName title avatarUrl profileUrl }\n        responsibles { id }\n        category { id title }\n        contact { id displayName }\n        entity { __typename id entityType databaseId title }\n        project { id }\n        createdBy { id }\n      }\n      taskEdge { cursor node { id } }\n    }\n  }\n": types.CreateTaskDocument,
    "\n  mutation UpdateTask($input: UpdateTaskInput!) {\n    updateTask(input: $input) {\n      task {\n        id title description deadline alertValue isClosed priority\n        responsible { id }\n        responsibles { id }\n        category { id }\n        contact { id }\n        entity { id }\n      }\n    }\n  }\n": types.UpdateTaskDocument,
    "\n  mutation DeleteTask($taskId: ID!) {\n    deleteTask(input: { taskId: $taskId }) { deletedId }\n  }\n": types.DeleteTaskDocument,
    "\n  mutation CreateComment($taskId: ID!, $body: String!) {\n    createComment(input: { taskId: $taskId, body: $body }) {\n      comment { id body task { id } createdBy { id } canEdit canDelete }\n      commentEdge { cursor node { id } }\n    }\n  }\n": types.CreateCommentDocument,
    "\n  mutation UpdateComment($commentId: ID!, $body: String!) {\n    updateComment(input: { commentId: $commentId, body: $body }) { comment { id body } }\n  }\n": types.UpdateCommentDocument,
    "\n  mutation DeleteComment($commentId: ID!) {\n    deleteComment(input: { commentId: $commentId }) { deletedId }\n  }\n": types.DeleteCommentDocument,
    "\n  query CommentOf($id: ID!) {\n    node(id: $id) { ... on Comment { body canEdit canDelete viewerCanAttach } }\n  }\n": types.CommentOfDocument,
    "\n  query TaskOf($id: ID!) {\n    task(id: $id) {\n      title canEdit\n      contact { id }\n      entity { id }\n      comments { totalCount nodes { id } }\n    }\n  }\n": types.TaskOfDocument,
    "\n  query TaskTitles($filter: TaskFilter, $projectId: ID, $first: Int, $after: String) {\n    tasks(filter: $filter, projectId: $projectId, first: $first, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { title }\n    }\n  }\n": types.TaskTitlesDocument,
    "\n  query Categories($first: Int, $after: String, $last: Int, $before: String) {\n    categories(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage }\n      edges { cursor node { title sortOrder } }\n    }\n  }\n": types.CategoriesDocument,
    "\n  mutation UpdateCategory($input: UpdateCategoryInput!) {\n    updateCategory(input: $input) {\n      category { id title description imagePath color sortOrder }\n    }\n  }\n": types.UpdateCategoryDocument,
    "\n  query CategoryNode($id: ID!) {\n    node(id: $id) { ... on Category { id title } }\n  }\n": types.CategoryNodeDocument,
    "\n  query Currencies {\n    currencies { abbreviation title symbol cultureName isConvertible isBasic }\n  }\n": types.CurrenciesDocument,
    "\n  query CategoryOfTask($id: ID!) {\n    task(id: $id) { title category { title } }\n  }\n": types.CategoryOfTaskDocument,
    "\n  mutation UploadCommentFile($commentId: ID!, $files: [Upload!]!) {\n    uploadCommentFiles(input: { commentId: $commentId, files: $files }) { files { id } }\n  }\n": types.UploadCommentFileDocument,
    "\n  query FilesById($ids: [ID!]!) {\n    nodes(ids: $ids) { ... on File { id } }\n    project(id: \"Project:1\") { usedFiles usedBytes }\n  }\n": types.FilesByIdDocument,
    "\n  mutation Twice($off: UpdateContactInput!, $on: UpdateContactInput!) {\n    off: updateContact(input: $off) { contact { isPrivate infos { data } accessList { user { id } } } }\n    on: updateContact(input: $on) { contact { isPrivate infos { data } accessList { user { id } } } }\n  }\n": types.TwiceDocument,
    "\n  query ContactOfTask($id: ID!) {\n    task(id: $id) { title contact { id } }\n  }\n": types.ContactOfTaskDocument,
    "\n  mutation CreateAll {\n    createProject(input: { title: \"New project\", description: \"About it\" }) {\n      project { id databaseId title description viewerCanAttach createdBy { id } files { totalCount } }\n    }\n    createTask(input: { projectId: \"Project:1\", title: \"New task\" }) {\n      task { id title description project { id } createdBy { id } }\n    }\n    createComment(input: { taskId: \"Task:1\", body: \"Said\" }) { comment { id body task { id } createdBy { id } } }\n    createContact(input: { displayName: \"Company\", isCompany: true }) {\n      contact { id displayName title isCompany entityType }\n    }\n    createOpportunity(input: { title: \"New opportunity\" }) { opportunity { id title entityType } }\n    createCase(input: { title: \"New case\" }) { case { id title entityType } }\n  }\n": types.CreateAllDocument,
    "\n  query CreatedNodes($ids: [ID!]!) { nodes(ids: $ids) { id ... on Attachable { viewerCanAttach } } }\n": types.CreatedNodesDocument,
    "\n  query OwnWorkspace {\n    projects { totalCount nodes { id viewerCanAttach tasks { nodes { id viewerCanAttach } } } }\n    project(id: \"Project:1\") { id }\n  }\n": types.OwnWorkspaceDocument,
    "\n  query AnyNode($id: ID!) {\n    node(id: $id) { id }\n  }\n": types.AnyNodeDocument,
    "\n  mutation AttachWithHistory($input: AttachEntityFilesInput!) {\n    attachEntityFiles(input: $input) {\n      historyEvent {\n        id databaseId content createdAt canEdit\n        createdBy { id displayName }\n        category { id title }\n        contact { id displayName }\n        entity { __typename id title entityType databaseId }\n        files { id name }\n      }\n    }\n  }\n": types.AttachWithHistoryDocument,
    "\n  query History($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {\n    entity(id: $id) {\n      history(first: $first, after: $after, last: $last, before: $before) {\n        totalCount\n        pageInfo { hasNextPage hasPreviousPage }\n        edges { cursor node { id content canEdit category { title } files { name } } }\n      }\n    }\n  }\n": types.HistoryDocument,
    "\n  query HistoryEventNode($id: ID!) {\n    node(id: $id) { ... on HistoryEvent { id content files { name } } }\n  }\n": types.HistoryEventNodeDocument,
    "\n  mutation HideFile($fileId: ID!) {\n    updateFile(input: { fileId: $fileId, available: false }) { file { id } }\n  }\n": types.HideFileDocument,
    "query FilesOfEntity($id: ID!) { entity(id: $id) { files { totalCount } } }": types.FilesOfEntityDocument,
    "\n  mutation UpdateProjectMember($projectId: ID!, $userId: ID!, $role: ProjectRole!) {\n    updateProjectMember(input: { projectId: $projectId, userId: $userId, role: $role }) {\n      project { id }\n      memberEdge { role node { id } }\n    }\n  }\n": types.UpdateProjectMemberDocument,
    "\n  mutation RemoveProjectMember($projectId: ID!, $userId: ID!) {\n    removeProjectMember(input: { projectId: $projectId, userId: $userId }) { project { id } removedUserId }\n  }\n": types.RemoveProjectMemberDocument,
    "\n  query ProjectAs {\n    project(id: \"Project:1\") { title viewerRole canEdit canDelete viewerCanAttach maxBytes maxFiles }\n  }\n": types.ProjectAsDocument,
    "\n  query MembersOf($first: Int, $after: String, $last: Int, $before: String) {\n    project(id: \"Project:1\") {\n      members(first: $first, after: $after, last: $last, before: $before) {\n        totalCount\n        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        edges { role cursor node { displayName } }\n      }\n    }\n  }\n": types.MembersOfDocument,
    "\n  mutation CreateProject($title: String!, $description: String) {\n    createProject(input: { title: $title, description: $description }) {\n      project { id databaseId title description usedBytes usedFiles maxBytes maxFiles viewerRole createdBy { id } createdAt }\n      projectEdge { cursor node { id } }\n    }\n  }\n": types.CreateProjectDocument,
    "\n  mutation UpdateProject($input: UpdateProjectInput!) {\n    updateProject(input: $input) { project { id title description maxBytes maxFiles usedBytes usedFiles } }\n  }\n": types.UpdateProjectDocument,
    "\n  mutation DeleteProject($projectId: ID!) {\n    deleteProject(input: { projectId: $projectId }) { deletedId }\n  }\n": types.DeleteProjectDocument,
    "\n  query ProjectTitles {\n    projects { totalCount nodes { id title usedBytes usedFiles } }\n  }\n": types.ProjectTitlesDocument,
    "\n  mutation TwoUpdates($first: [ID!], $second: [ID!]) {\n    first: updateTask(input: { taskId: \"Task:1\", responsibleIds: $first }) { task { responsibles { id } } }\n    second: updateTask(input: { taskId: \"Task:1\", responsibleIds: $second }) { task { responsibles { id } } }\n  }\n": types.TwoUpdatesDocument,
    "\n  query TasksInFull {\n    tasks(first: 100) {\n      nodes {\n        canEdit viewerCanAttach\n        responsible { id email }\n        responsibles { id displayName email }\n        category { title }\n        contact { displayName canEdit }\n        entity { title }\n        project { title usedBytes usedFiles viewerRole canEdit canDelete }\n        createdBy { email }\n      }\n    }\n  }\n": types.TasksInFullDocument,
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
export function graphql(source: "\n  query OwnKeys {\n    viewer { id apiKeys { totalCount nodes { id name scope expiresAt revokedAt } } }\n  }\n"): (typeof documents)["\n  query OwnKeys {\n    viewer { id apiKeys { totalCount nodes { id name scope expiresAt revokedAt } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KeyNode($id: ID!) {\n    node(id: $id) { __typename ... on ApiKey { name user { id } } }\n  }\n"): (typeof documents)["\n  query KeyNode($id: ID!) {\n    node(id: $id) { __typename ... on ApiKey { name user { id } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DisableUser($userId: ID!) { disableUser(input: { userId: $userId }) { user { id isDisabled isRemoved } } }\n"): (typeof documents)["\n  mutation DisableUser($userId: ID!) { disableUser(input: { userId: $userId }) { user { id isDisabled isRemoved } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EnableUser($userId: ID!) { enableUser(input: { userId: $userId }) { user { id isDisabled } } }\n"): (typeof documents)["\n  mutation EnableUser($userId: ID!) { enableUser(input: { userId: $userId }) { user { id isDisabled } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveUser($userId: ID!, $erase: Boolean) {\n    removeUser(input: { userId: $userId, erase: $erase }) {\n      user { displayName title email avatarUrl profileUrl isAdmin isDisabled isRemoved }\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveUser($userId: ID!, $erase: Boolean) {\n    removeUser(input: { userId: $userId, erase: $erase }) {\n      user { displayName title email avatarUrl profileUrl isAdmin isDisabled isRemoved }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListedUsers($filter: UserFilter, $first: Int, $after: String, $last: Int) {\n    users(filter: $filter, first: $first, after: $after, last: $last) {\n      totalCount pageInfo { hasNextPage endCursor } nodes { displayName }\n    }\n  }\n"): (typeof documents)["\n  query ListedUsers($filter: UserFilter, $first: Int, $after: String, $last: Int) {\n    users(filter: $filter, first: $first, after: $after, last: $last) {\n      totalCount pageInfo { hasNextPage endCursor } nodes { displayName }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateUser($input: UpdateUserInput!) {\n    updateUser(input: $input) { user { id displayName title email avatarUrl profileUrl isAdmin } }\n  }\n"): (typeof documents)["\n  mutation UpdateUser($input: UpdateUserInput!) {\n    updateUser(input: $input) { user { id displayName title email avatarUrl profileUrl isAdmin } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UserOf($id: ID!) {\n    user(id: $id) { id displayName title email avatarUrl profileUrl isAdmin createdAt apiKeys { totalCount } }\n  }\n"): (typeof documents)["\n  query UserOf($id: ID!) {\n    user(id: $id) { id displayName title email avatarUrl profileUrl isAdmin createdAt apiKeys { totalCount } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Everybody($first: Int, $after: String) {\n    users(first: $first, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { displayName email }\n    }\n  }\n"): (typeof documents)["\n  query Everybody($first: Int, $after: String) {\n    users(first: $first, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { displayName email }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n      mutation AddAda($userId: ID!) {\n        addProjectMember(input: { projectId: \"Project:1\", userId: $userId, role: VIEWER }) { memberEdge { role } }\n      }\n    "): (typeof documents)["\n      mutation AddAda($userId: ID!) {\n        addProjectMember(input: { projectId: \"Project:1\", userId: $userId, role: VIEWER }) { memberEdge { role } }\n      }\n    "];
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
export function graphql(source: "\n  fragment OnlyofficeContact on Contact {\n    databaseId displayName isCompany smallPhotoUrl mediumPhotoUrl\n    accessList { access user { ...OnlyofficePerson } }\n    isPrivate isShared shareType\n    currency { title symbol abbreviation cultureName isConvertible isBasic }\n    canEdit canDelete\n  }\n"): (typeof documents)["\n  fragment OnlyofficeContact on Contact {\n    databaseId displayName isCompany smallPhotoUrl mediumPhotoUrl\n    accessList { access user { ...OnlyofficePerson } }\n    isPrivate isShared shareType\n    currency { title symbol abbreviation cultureName isConvertible isBasic }\n    canEdit canDelete\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment OnlyofficeCategory on Category { databaseId imagePath title description color sortOrder }\n"): (typeof documents)["\n  fragment OnlyofficeCategory on Category { databaseId imagePath title description color sortOrder }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CorAttachment on File {\n    databaseId url name createdAt updatedAt size available contentType version status createdFrom\n    createdBy { databaseId }\n    versions { databaseId version }\n    attachedTo { __typename ... on Task { databaseId } ... on Comment { databaseId task { databaseId } } }\n  }\n"): (typeof documents)["\n  fragment CorAttachment on File {\n    databaseId url name createdAt updatedAt size available contentType version status createdFrom\n    createdBy { databaseId }\n    versions { databaseId version }\n    attachedTo { __typename ... on Task { databaseId } ... on Comment { databaseId task { databaseId } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CorUpload(\n    $taskId: ID!, $files: [Upload!]!, $available: Boolean, $sessionToken: String, $parentId: ID, $status: FileStatus,\n    $createdFrom: FileOrigin\n  ) {\n    uploadTaskFiles(input: {\n      taskId: $taskId, files: $files, available: $available, sessionToken: $sessionToken, parentId: $parentId,\n      status: $status, createdFrom: $createdFrom\n    }) {\n      files { id ...CorAttachment }\n      filesCount\n      task { files(include: COMMENTS) { totalCount } }\n      errors { filename message }\n    }\n  }\n"): (typeof documents)["\n  mutation CorUpload(\n    $taskId: ID!, $files: [Upload!]!, $available: Boolean, $sessionToken: String, $parentId: ID, $status: FileStatus,\n    $createdFrom: FileOrigin\n  ) {\n    uploadTaskFiles(input: {\n      taskId: $taskId, files: $files, available: $available, sessionToken: $sessionToken, parentId: $parentId,\n      status: $status, createdFrom: $createdFrom\n    }) {\n      files { id ...CorAttachment }\n      filesCount\n      task { files(include: COMMENTS) { totalCount } }\n      errors { filename message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CorComment($taskId: ID!, $files: [Upload!]!) {\n    createComment(input: { taskId: $taskId, body: \"See here\", files: $files }) {\n      comment { databaseId }\n      files { ...CorAttachment }\n    }\n  }\n"): (typeof documents)["\n  mutation CorComment($taskId: ID!, $files: [Upload!]!) {\n    createComment(input: { taskId: $taskId, body: \"See here\", files: $files }) {\n      comment { databaseId }\n      files { ...CorAttachment }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CorAttachments($taskId: ID!) {\n    task(id: $taskId) { files(include: COMMENTS) { nodes { ...CorAttachment } } }\n  }\n"): (typeof documents)["\n  query CorAttachments($taskId: ID!) {\n    task(id: $taskId) { files(include: COMMENTS) { nodes { ...CorAttachment } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CorFinish($sessionToken: String!) {\n    finishUploadSession(input: { sessionToken: $sessionToken }) { files { name } }\n  }\n"): (typeof documents)["\n  mutation CorFinish($sessionToken: String!) {\n    finishUploadSession(input: { sessionToken: $sessionToken }) { files { name } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation KanboardCreateTaskFile($taskId: ID!, $filename: String!, $blob: Base64!) {\n    createTaskFile(input: { taskId: $taskId, filename: $filename, blob: $blob }) {\n      file { id databaseId }\n      task { project { id } }\n    }\n  }\n"): (typeof documents)["\n  mutation KanboardCreateTaskFile($taskId: ID!, $filename: String!, $blob: Base64!) {\n    createTaskFile(input: { taskId: $taskId, filename: $filename, blob: $blob }) {\n      file { id databaseId }\n      task { project { id } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment KanboardFile on File {\n    databaseId name url sha256 isImage size createdAt\n    attachedTo { ... on Task { databaseId } }\n    createdBy { databaseId email displayName }\n  }\n"): (typeof documents)["\n  fragment KanboardFile on File {\n    databaseId name url sha256 isImage size createdAt\n    attachedTo { ... on Task { databaseId } }\n    createdBy { databaseId email displayName }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KanboardGetAllTaskFiles($taskId: ID!) {\n    task(id: $taskId) { files(orderBy: { field: NAME }) { nodes { ...KanboardFile } } }\n  }\n"): (typeof documents)["\n  query KanboardGetAllTaskFiles($taskId: ID!) {\n    task(id: $taskId) { files(orderBy: { field: NAME }) { nodes { ...KanboardFile } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KanboardGetTaskFile($fileId: ID!) { file(id: $fileId) { ...KanboardFile } }\n"): (typeof documents)["\n  query KanboardGetTaskFile($fileId: ID!) { file(id: $fileId) { ...KanboardFile } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KanboardDownloadTaskFile($fileId: ID!) { file(id: $fileId) { content(encoding: BASE64) } }\n"): (typeof documents)["\n  query KanboardDownloadTaskFile($fileId: ID!) { file(id: $fileId) { content(encoding: BASE64) } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation KanboardRemoveTaskFile($fileId: ID!) { removeFile(input: { fileId: $fileId }) { removedFileId } }\n"): (typeof documents)["\n  mutation KanboardRemoveTaskFile($fileId: ID!) { removeFile(input: { fileId: $fileId }) { removedFileId } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation KanboardRemoveAllTaskFiles($taskId: ID!) {\n    removeAllTaskFiles(input: { taskId: $taskId }) { removedFileIds task { id } }\n  }\n"): (typeof documents)["\n  mutation KanboardRemoveAllTaskFiles($taskId: ID!) {\n    removeAllTaskFiles(input: { taskId: $taskId }) { removedFileIds task { id } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment OnlyofficeEvent on HistoryEvent {\n    databaseId createdAt content canEdit\n    createdBy { ...OnlyofficePerson }\n    category { ...OnlyofficeCategory }\n    contact { ...OnlyofficeContact }\n    entity { entityType databaseId title }\n    files { databaseId name updatedAt url updatedBy { ...OnlyofficePerson } }\n  }\n"): (typeof documents)["\n  fragment OnlyofficeEvent on HistoryEvent {\n    databaseId createdAt content canEdit\n    createdBy { ...OnlyofficePerson }\n    category { ...OnlyofficeCategory }\n    contact { ...OnlyofficeContact }\n    entity { entityType databaseId title }\n    files { databaseId name updatedAt url updatedBy { ...OnlyofficePerson } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OnlyofficeAttachEntityFiles($input: AttachEntityFilesInput!) {\n    attachEntityFiles(input: $input) { historyEvent { ...OnlyofficeEvent } filesCount }\n  }\n"): (typeof documents)["\n  mutation OnlyofficeAttachEntityFiles($input: AttachEntityFilesInput!) {\n    attachEntityFiles(input: $input) { historyEvent { ...OnlyofficeEvent } filesCount }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OnlyofficeEntityFiles($id: ID!) {\n    entity(id: $id) { files { nodes { databaseId } } history { nodes { ...OnlyofficeEvent } } }\n  }\n"): (typeof documents)["\n  query OnlyofficeEntityFiles($id: ID!) {\n    entity(id: $id) { files { nodes { databaseId } } history { nodes { ...OnlyofficeEvent } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OnlyofficeRename($fileId: ID!, $name: String!) {\n    updateFile(input: { fileId: $fileId, name: $name }) { file { updatedAt } }\n  }\n"): (typeof documents)["\n  mutation OnlyofficeRename($fileId: ID!, $name: String!) {\n    updateFile(input: { fileId: $fileId, name: $name }) { file { updatedAt } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment OnlyofficeTask on Task {\n    databaseId title description deadline alertValue isClosed canEdit createdAt\n    createdBy { ...OnlyofficePerson }\n    responsible { ...OnlyofficePerson }\n    contact { ...OnlyofficeContact email { ...OnlyofficeInfo } }\n    category { ...OnlyofficeCategory }\n    entity { entityType databaseId title }\n  }\n"): (typeof documents)["\n  fragment OnlyofficeTask on Task {\n    databaseId title description deadline alertValue isClosed canEdit createdAt\n    createdBy { ...OnlyofficePerson }\n    responsible { ...OnlyofficePerson }\n    contact { ...OnlyofficeContact email { ...OnlyofficeInfo } }\n    category { ...OnlyofficeCategory }\n    entity { entityType databaseId title }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment OnlyofficeInfo on ContactInfo { databaseId infoType category categoryName data isPrimary }\n"): (typeof documents)["\n  fragment OnlyofficeInfo on ContactInfo { databaseId infoType category categoryName data isPrimary }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OnlyofficeAttachTaskFiles($taskId: ID!, $fileIds: [ID!]!) {\n    attachTaskFiles(input: { taskId: $taskId, fileIds: $fileIds }) { task { ...OnlyofficeTask } files { id } filesCount }\n  }\n"): (typeof documents)["\n  mutation OnlyofficeAttachTaskFiles($taskId: ID!, $fileIds: [ID!]!) {\n    attachTaskFiles(input: { taskId: $taskId, fileIds: $fileIds }) { task { ...OnlyofficeTask } files { id } filesCount }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OnlyofficeTaskFiles($taskId: ID!) {\n    task(id: $taskId) { ...OnlyofficeTask files { nodes { id } } }\n  }\n"): (typeof documents)["\n  query OnlyofficeTaskFiles($taskId: ID!) {\n    task(id: $taskId) { ...OnlyofficeTask files { nodes { id } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OnlyofficeInfos($id: ID!) { entity(id: $id) { ... on Contact { infos { ...OnlyofficeInfo } } } }\n"): (typeof documents)["\n  query OnlyofficeInfos($id: ID!) { entity(id: $id) { ... on Contact { infos { ...OnlyofficeInfo } } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment OnlyofficePerson on User { databaseId displayName title avatarUrl profileUrl }\n"): (typeof documents)["\n  fragment OnlyofficePerson on User { databaseId displayName title avatarUrl profileUrl }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment WorksectionFile on File {\n    databaseId name size url createdAt\n    createdBy { databaseId email displayName }\n  }\n"): (typeof documents)["\n  fragment WorksectionFile on File {\n    databaseId name size url createdAt\n    createdBy { databaseId email displayName }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WorksectionPostProject($files: [Upload!]!) {\n    createProject(input: { title: \"Relaunch\", files: $files }) {\n      project { id databaseId title }\n      files { databaseId name contentType }\n    }\n  }\n"): (typeof documents)["\n  mutation WorksectionPostProject($files: [Upload!]!) {\n    createProject(input: { title: \"Relaunch\", files: $files }) {\n      project { id databaseId title }\n      files { databaseId name contentType }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WorksectionPostTask($projectId: ID!, $files: [Upload!]!) {\n    createTask(input: { projectId: $projectId, title: \"TASK_NAME\", files: $files }) {\n      task { id title project { id } }\n      files { databaseId name contentType }\n    }\n  }\n"): (typeof documents)["\n  mutation WorksectionPostTask($projectId: ID!, $files: [Upload!]!) {\n    createTask(input: { projectId: $projectId, title: \"TASK_NAME\", files: $files }) {\n      task { id title project { id } }\n      files { databaseId name contentType }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WorksectionUpdateTask($taskId: ID!, $files: [Upload!]!) {\n    updateTask(input: { taskId: $taskId, title: \"Another title\" }) { task { title } }\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) { files { databaseId name } filesCount }\n  }\n"): (typeof documents)["\n  mutation WorksectionUpdateTask($taskId: ID!, $files: [Upload!]!) {\n    updateTask(input: { taskId: $taskId, title: \"Another title\" }) { task { title } }\n    uploadTaskFiles(input: { taskId: $taskId, files: $files }) { files { databaseId name } filesCount }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WorksectionPostComment($taskId: ID!, $files: [Upload!]!) {\n    createComment(input: { taskId: $taskId, body: \"Look at this\", files: $files }) {\n      comment { body task { id } }\n      files { databaseId name }\n    }\n  }\n"): (typeof documents)["\n  mutation WorksectionPostComment($taskId: ID!, $files: [Upload!]!) {\n    createComment(input: { taskId: $taskId, body: \"Look at this\", files: $files }) {\n      comment { body task { id } }\n      files { databaseId name }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation WorksectionUpload($projectId: ID!, $files: [Upload!]!) {\n    uploadProjectFiles(input: { projectId: $projectId, files: $files }) { files { databaseId name } }\n  }\n"): (typeof documents)["\n  mutation WorksectionUpload($projectId: ID!, $files: [Upload!]!) {\n    uploadProjectFiles(input: { projectId: $projectId, files: $files }) { files { databaseId name } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WorksectionFilesOfProject($id: ID!) { project(id: $id) { files { nodes { ...WorksectionFile } } } }\n"): (typeof documents)["\n  query WorksectionFilesOfProject($id: ID!) { project(id: $id) { files { nodes { ...WorksectionFile } } } }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WorksectionFilesOfTask($id: ID!) {\n    task(id: $id) { files(include: COMMENTS) { nodes { ...WorksectionFile } } }\n  }\n"): (typeof documents)["\n  query WorksectionFilesOfTask($id: ID!) {\n    task(id: $id) { files(include: COMMENTS) { nodes { ...WorksectionFile } } }\n  }\n"];
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
export function graphql(source: "\n  query AuditLog($filter: AuditLogFilter, $first: Int, $after: String, $last: Int, $before: String) {\n    auditLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes {\n        id at action targetId details { name value } actor { id displayName } apiKeyId via address requestId\n      }\n    }\n  }\n"): (typeof documents)["\n  query AuditLog($filter: AuditLogFilter, $first: Int, $after: String, $last: Int, $before: String) {\n    auditLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      nodes {\n        id at action targetId details { name value } actor { id displayName } apiKeyId via address requestId\n      }\n    }\n  }\n"];
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
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateContact($input: CreateContactInput!) {\n    createContact(input: $input) {\n      contact {\n        id databaseId entityType title displayName isCompany smallPhotoUrl mediumPhotoUrl\n        infos { databaseId infoType category categoryName data isPrimary }\n        emails { data }\n        email { infoType category categoryName data isPrimary }\n        currency { title symbol abbreviation cultureName isConvertible isBasic }\n        isPrivate isShared shareType\n        accessList { access user { id displayName title avatarUrl profileUrl } }\n        canEdit canDelete createdAt createdBy { id }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateContact($input: CreateContactInput!) {\n    createContact(input: $input) {\n      contact {\n        id databaseId entityType title displayName isCompany smallPhotoUrl mediumPhotoUrl\n        infos { databaseId infoType category categoryName data isPrimary }\n        emails { data }\n        email { infoType category categoryName data isPrimary }\n        currency { title symbol abbreviation cultureName isConvertible isBasic }\n        isPrivate isShared shareType\n        accessList { access user { id displayName title avatarUrl profileUrl } }\n        canEdit canDelete createdAt createdBy { id }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateContact($input: UpdateContactInput!) {\n    updateContact(input: $input) {\n      contact {\n        id displayName isCompany smallPhotoUrl mediumPhotoUrl shareType isShared isPrivate canEdit canDelete\n        currency { abbreviation }\n        infos { infoType data }\n        accessList { access user { id } }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateContact($input: UpdateContactInput!) {\n    updateContact(input: $input) {\n      contact {\n        id displayName isCompany smallPhotoUrl mediumPhotoUrl shareType isShared isPrivate canEdit canDelete\n        currency { abbreviation }\n        infos { infoType data }\n        accessList { access user { id } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteContact($contactId: ID!) {\n    deleteContact(input: { contactId: $contactId }) { deletedId }\n  }\n"): (typeof documents)["\n  mutation DeleteContact($contactId: ID!) {\n    deleteContact(input: { contactId: $contactId }) { deletedId }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Entity($id: ID!) {\n    entity(id: $id) { __typename id title isPrivate canEdit canDelete accessList { access user { id } } }\n  }\n"): (typeof documents)["\n  query Entity($id: ID!) {\n    entity(id: $id) { __typename id title isPrivate canEdit canDelete accessList { access user { id } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Entities($type: EntityType, $first: Int, $after: String) {\n    entities(type: $type, first: $first, after: $after) {\n      totalCount\n      edges { cursor }\n      nodes { __typename id title canEdit }\n    }\n  }\n"): (typeof documents)["\n  query Entities($type: EntityType, $first: Int, $after: String) {\n    entities(type: $type, first: $first, after: $after) {\n      totalCount\n      edges { cursor }\n      nodes { __typename id title canEdit }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateOpportunity($input: CreateOpportunityInput!) {\n    createOpportunity(input: $input) {\n      opportunity { id title entityType isPrivate canEdit canDelete accessList { access user { id } } }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateOpportunity($input: CreateOpportunityInput!) {\n    createOpportunity(input: $input) {\n      opportunity { id title entityType isPrivate canEdit canDelete accessList { access user { id } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateCase($input: CreateCaseInput!) {\n    createCase(input: $input) {\n      case { id title entityType isPrivate canEdit canDelete accessList { access user { id } } }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateCase($input: CreateCaseInput!) {\n    createCase(input: $input) {\n      case { id title entityType isPrivate canEdit canDelete accessList { access user { id } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateCategory($input: CreateCategoryInput!) {\n    createCategory(input: $input) {\n      category { id databaseId title description imagePath color sortOrder }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateCategory($input: CreateCategoryInput!) {\n    createCategory(input: $input) {\n      category { id databaseId title description imagePath color sortOrder }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteCategory($categoryId: ID!) {\n    deleteCategory(input: { categoryId: $categoryId }) { deletedId }\n  }\n"): (typeof documents)["\n  mutation DeleteCategory($categoryId: ID!) {\n    deleteCategory(input: { categoryId: $categoryId }) { deletedId }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateLinkedTask($input: CreateTaskInput!) {\n    createTask(input: $input) { task { id } }\n  }\n"): (typeof documents)["\n  mutation CreateLinkedTask($input: CreateTaskInput!) {\n    createTask(input: $input) { task { id } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateOpportunity($input: UpdateOpportunityInput!) {\n    updateOpportunity(input: $input) { opportunity { id title isPrivate accessList { access user { id } } } }\n  }\n"): (typeof documents)["\n  mutation UpdateOpportunity($input: UpdateOpportunityInput!) {\n    updateOpportunity(input: $input) { opportunity { id title isPrivate accessList { access user { id } } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteOpportunity($opportunityId: ID!) {\n    deleteOpportunity(input: { opportunityId: $opportunityId }) { deletedId }\n  }\n"): (typeof documents)["\n  mutation DeleteOpportunity($opportunityId: ID!) {\n    deleteOpportunity(input: { opportunityId: $opportunityId }) { deletedId }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateCase($input: UpdateCaseInput!) {\n    updateCase(input: $input) { case { id title isPrivate accessList { access user { id } } } }\n  }\n"): (typeof documents)["\n  mutation UpdateCase($input: UpdateCaseInput!) {\n    updateCase(input: $input) { case { id title isPrivate accessList { access user { id } } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteCase($caseId: ID!) {\n    deleteCase(input: { caseId: $caseId }) { deletedId }\n  }\n"): (typeof documents)["\n  mutation DeleteCase($caseId: ID!) {\n    deleteCase(input: { caseId: $caseId }) { deletedId }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateUser($input: CreateUserInput!) {\n    createUser(input: $input) {\n      user { id databaseId displayName title email avatarUrl profileUrl isAdmin createdAt }\n      userEdge { cursor node { id } }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateUser($input: CreateUserInput!) {\n    createUser(input: $input) {\n      user { id databaseId displayName title email avatarUrl profileUrl isAdmin createdAt }\n      userEdge { cursor node { id } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      apiKey { id databaseId name scope createdAt expiresAt revokedAt user { id } }\n      apiKeyEdge { cursor node { id } }\n      key\n    }\n  }\n"): (typeof documents)["\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      apiKey { id databaseId name scope createdAt expiresAt revokedAt user { id } }\n      apiKeyEdge { cursor node { id } }\n      key\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeApiKey($apiKeyId: ID!) {\n    revokeApiKey(input: { apiKeyId: $apiKeyId }) { apiKey { id revokedAt } }\n  }\n"): (typeof documents)["\n  mutation RevokeApiKey($apiKeyId: ID!) {\n    revokeApiKey(input: { apiKeyId: $apiKeyId }) { apiKey { id revokedAt } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddProjectMember($input: AddProjectMemberInput!) {\n    addProjectMember(input: $input) {\n      project { id }\n      memberEdge { cursor role node { id displayName } }\n    }\n  }\n"): (typeof documents)["\n  mutation AddProjectMember($input: AddProjectMemberInput!) {\n    addProjectMember(input: $input) {\n      project { id }\n      memberEdge { cursor role node { id displayName } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateTask($input: CreateTaskInput!) {\n    createTask(input: $input) {\n      task {\n        id databaseId title description deadline alertValue isClosed priority canEdit createdAt\n        responsible { id displayName title avatarUrl profileUrl }\n        responsibles { id }\n        category { id title }\n        contact { id displayName }\n        entity { __typename id entityType databaseId title }\n        project { id }\n        createdBy { id }\n      }\n      taskEdge { cursor node { id } }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateTask($input: CreateTaskInput!) {\n    createTask(input: $input) {\n      task {\n        id databaseId title description deadline alertValue isClosed priority canEdit createdAt\n        responsible { id displayName title avatarUrl profileUrl }\n        responsibles { id }\n        category { id title }\n        contact { id displayName }\n        entity { __typename id entityType databaseId title }\n        project { id }\n        createdBy { id }\n      }\n      taskEdge { cursor node { id } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateTask($input: UpdateTaskInput!) {\n    updateTask(input: $input) {\n      task {\n        id title description deadline alertValue isClosed priority\n        responsible { id }\n        responsibles { id }\n        category { id }\n        contact { id }\n        entity { id }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateTask($input: UpdateTaskInput!) {\n    updateTask(input: $input) {\n      task {\n        id title description deadline alertValue isClosed priority\n        responsible { id }\n        responsibles { id }\n        category { id }\n        contact { id }\n        entity { id }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteTask($taskId: ID!) {\n    deleteTask(input: { taskId: $taskId }) { deletedId }\n  }\n"): (typeof documents)["\n  mutation DeleteTask($taskId: ID!) {\n    deleteTask(input: { taskId: $taskId }) { deletedId }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateComment($taskId: ID!, $body: String!) {\n    createComment(input: { taskId: $taskId, body: $body }) {\n      comment { id body task { id } createdBy { id } canEdit canDelete }\n      commentEdge { cursor node { id } }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateComment($taskId: ID!, $body: String!) {\n    createComment(input: { taskId: $taskId, body: $body }) {\n      comment { id body task { id } createdBy { id } canEdit canDelete }\n      commentEdge { cursor node { id } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateComment($commentId: ID!, $body: String!) {\n    updateComment(input: { commentId: $commentId, body: $body }) { comment { id body } }\n  }\n"): (typeof documents)["\n  mutation UpdateComment($commentId: ID!, $body: String!) {\n    updateComment(input: { commentId: $commentId, body: $body }) { comment { id body } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteComment($commentId: ID!) {\n    deleteComment(input: { commentId: $commentId }) { deletedId }\n  }\n"): (typeof documents)["\n  mutation DeleteComment($commentId: ID!) {\n    deleteComment(input: { commentId: $commentId }) { deletedId }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CommentOf($id: ID!) {\n    node(id: $id) { ... on Comment { body canEdit canDelete viewerCanAttach } }\n  }\n"): (typeof documents)["\n  query CommentOf($id: ID!) {\n    node(id: $id) { ... on Comment { body canEdit canDelete viewerCanAttach } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TaskOf($id: ID!) {\n    task(id: $id) {\n      title canEdit\n      contact { id }\n      entity { id }\n      comments { totalCount nodes { id } }\n    }\n  }\n"): (typeof documents)["\n  query TaskOf($id: ID!) {\n    task(id: $id) {\n      title canEdit\n      contact { id }\n      entity { id }\n      comments { totalCount nodes { id } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TaskTitles($filter: TaskFilter, $projectId: ID, $first: Int, $after: String) {\n    tasks(filter: $filter, projectId: $projectId, first: $first, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { title }\n    }\n  }\n"): (typeof documents)["\n  query TaskTitles($filter: TaskFilter, $projectId: ID, $first: Int, $after: String) {\n    tasks(filter: $filter, projectId: $projectId, first: $first, after: $after) {\n      totalCount\n      pageInfo { hasNextPage endCursor }\n      nodes { title }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Categories($first: Int, $after: String, $last: Int, $before: String) {\n    categories(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage }\n      edges { cursor node { title sortOrder } }\n    }\n  }\n"): (typeof documents)["\n  query Categories($first: Int, $after: String, $last: Int, $before: String) {\n    categories(first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage }\n      edges { cursor node { title sortOrder } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateCategory($input: UpdateCategoryInput!) {\n    updateCategory(input: $input) {\n      category { id title description imagePath color sortOrder }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateCategory($input: UpdateCategoryInput!) {\n    updateCategory(input: $input) {\n      category { id title description imagePath color sortOrder }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CategoryNode($id: ID!) {\n    node(id: $id) { ... on Category { id title } }\n  }\n"): (typeof documents)["\n  query CategoryNode($id: ID!) {\n    node(id: $id) { ... on Category { id title } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Currencies {\n    currencies { abbreviation title symbol cultureName isConvertible isBasic }\n  }\n"): (typeof documents)["\n  query Currencies {\n    currencies { abbreviation title symbol cultureName isConvertible isBasic }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CategoryOfTask($id: ID!) {\n    task(id: $id) { title category { title } }\n  }\n"): (typeof documents)["\n  query CategoryOfTask($id: ID!) {\n    task(id: $id) { title category { title } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UploadCommentFile($commentId: ID!, $files: [Upload!]!) {\n    uploadCommentFiles(input: { commentId: $commentId, files: $files }) { files { id } }\n  }\n"): (typeof documents)["\n  mutation UploadCommentFile($commentId: ID!, $files: [Upload!]!) {\n    uploadCommentFiles(input: { commentId: $commentId, files: $files }) { files { id } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FilesById($ids: [ID!]!) {\n    nodes(ids: $ids) { ... on File { id } }\n    project(id: \"Project:1\") { usedFiles usedBytes }\n  }\n"): (typeof documents)["\n  query FilesById($ids: [ID!]!) {\n    nodes(ids: $ids) { ... on File { id } }\n    project(id: \"Project:1\") { usedFiles usedBytes }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Twice($off: UpdateContactInput!, $on: UpdateContactInput!) {\n    off: updateContact(input: $off) { contact { isPrivate infos { data } accessList { user { id } } } }\n    on: updateContact(input: $on) { contact { isPrivate infos { data } accessList { user { id } } } }\n  }\n"): (typeof documents)["\n  mutation Twice($off: UpdateContactInput!, $on: UpdateContactInput!) {\n    off: updateContact(input: $off) { contact { isPrivate infos { data } accessList { user { id } } } }\n    on: updateContact(input: $on) { contact { isPrivate infos { data } accessList { user { id } } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ContactOfTask($id: ID!) {\n    task(id: $id) { title contact { id } }\n  }\n"): (typeof documents)["\n  query ContactOfTask($id: ID!) {\n    task(id: $id) { title contact { id } }\n  }\n"];
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
export function graphql(source: "\n  query AnyNode($id: ID!) {\n    node(id: $id) { id }\n  }\n"): (typeof documents)["\n  query AnyNode($id: ID!) {\n    node(id: $id) { id }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AttachWithHistory($input: AttachEntityFilesInput!) {\n    attachEntityFiles(input: $input) {\n      historyEvent {\n        id databaseId content createdAt canEdit\n        createdBy { id displayName }\n        category { id title }\n        contact { id displayName }\n        entity { __typename id title entityType databaseId }\n        files { id name }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AttachWithHistory($input: AttachEntityFilesInput!) {\n    attachEntityFiles(input: $input) {\n      historyEvent {\n        id databaseId content createdAt canEdit\n        createdBy { id displayName }\n        category { id title }\n        contact { id displayName }\n        entity { __typename id title entityType databaseId }\n        files { id name }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query History($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {\n    entity(id: $id) {\n      history(first: $first, after: $after, last: $last, before: $before) {\n        totalCount\n        pageInfo { hasNextPage hasPreviousPage }\n        edges { cursor node { id content canEdit category { title } files { name } } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query History($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {\n    entity(id: $id) {\n      history(first: $first, after: $after, last: $last, before: $before) {\n        totalCount\n        pageInfo { hasNextPage hasPreviousPage }\n        edges { cursor node { id content canEdit category { title } files { name } } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query HistoryEventNode($id: ID!) {\n    node(id: $id) { ... on HistoryEvent { id content files { name } } }\n  }\n"): (typeof documents)["\n  query HistoryEventNode($id: ID!) {\n    node(id: $id) { ... on HistoryEvent { id content files { name } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation HideFile($fileId: ID!) {\n    updateFile(input: { fileId: $fileId, available: false }) { file { id } }\n  }\n"): (typeof documents)["\n  mutation HideFile($fileId: ID!) {\n    updateFile(input: { fileId: $fileId, available: false }) { file { id } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query FilesOfEntity($id: ID!) { entity(id: $id) { files { totalCount } } }"): (typeof documents)["query FilesOfEntity($id: ID!) { entity(id: $id) { files { totalCount } } }"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateProjectMember($projectId: ID!, $userId: ID!, $role: ProjectRole!) {\n    updateProjectMember(input: { projectId: $projectId, userId: $userId, role: $role }) {\n      project { id }\n      memberEdge { role node { id } }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateProjectMember($projectId: ID!, $userId: ID!, $role: ProjectRole!) {\n    updateProjectMember(input: { projectId: $projectId, userId: $userId, role: $role }) {\n      project { id }\n      memberEdge { role node { id } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveProjectMember($projectId: ID!, $userId: ID!) {\n    removeProjectMember(input: { projectId: $projectId, userId: $userId }) { project { id } removedUserId }\n  }\n"): (typeof documents)["\n  mutation RemoveProjectMember($projectId: ID!, $userId: ID!) {\n    removeProjectMember(input: { projectId: $projectId, userId: $userId }) { project { id } removedUserId }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ProjectAs {\n    project(id: \"Project:1\") { title viewerRole canEdit canDelete viewerCanAttach maxBytes maxFiles }\n  }\n"): (typeof documents)["\n  query ProjectAs {\n    project(id: \"Project:1\") { title viewerRole canEdit canDelete viewerCanAttach maxBytes maxFiles }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MembersOf($first: Int, $after: String, $last: Int, $before: String) {\n    project(id: \"Project:1\") {\n      members(first: $first, after: $after, last: $last, before: $before) {\n        totalCount\n        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        edges { role cursor node { displayName } }\n      }\n    }\n  }\n"): (typeof documents)["\n  query MembersOf($first: Int, $after: String, $last: Int, $before: String) {\n    project(id: \"Project:1\") {\n      members(first: $first, after: $after, last: $last, before: $before) {\n        totalCount\n        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n        edges { role cursor node { displayName } }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateProject($title: String!, $description: String) {\n    createProject(input: { title: $title, description: $description }) {\n      project { id databaseId title description usedBytes usedFiles maxBytes maxFiles viewerRole createdBy { id } createdAt }\n      projectEdge { cursor node { id } }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateProject($title: String!, $description: String) {\n    createProject(input: { title: $title, description: $description }) {\n      project { id databaseId title description usedBytes usedFiles maxBytes maxFiles viewerRole createdBy { id } createdAt }\n      projectEdge { cursor node { id } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateProject($input: UpdateProjectInput!) {\n    updateProject(input: $input) { project { id title description maxBytes maxFiles usedBytes usedFiles } }\n  }\n"): (typeof documents)["\n  mutation UpdateProject($input: UpdateProjectInput!) {\n    updateProject(input: $input) { project { id title description maxBytes maxFiles usedBytes usedFiles } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteProject($projectId: ID!) {\n    deleteProject(input: { projectId: $projectId }) { deletedId }\n  }\n"): (typeof documents)["\n  mutation DeleteProject($projectId: ID!) {\n    deleteProject(input: { projectId: $projectId }) { deletedId }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ProjectTitles {\n    projects { totalCount nodes { id title usedBytes usedFiles } }\n  }\n"): (typeof documents)["\n  query ProjectTitles {\n    projects { totalCount nodes { id title usedBytes usedFiles } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TwoUpdates($first: [ID!], $second: [ID!]) {\n    first: updateTask(input: { taskId: \"Task:1\", responsibleIds: $first }) { task { responsibles { id } } }\n    second: updateTask(input: { taskId: \"Task:1\", responsibleIds: $second }) { task { responsibles { id } } }\n  }\n"): (typeof documents)["\n  mutation TwoUpdates($first: [ID!], $second: [ID!]) {\n    first: updateTask(input: { taskId: \"Task:1\", responsibleIds: $first }) { task { responsibles { id } } }\n    second: updateTask(input: { taskId: \"Task:1\", responsibleIds: $second }) { task { responsibles { id } } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TasksInFull {\n    tasks(first: 100) {\n      nodes {\n        canEdit viewerCanAttach\n        responsible { id email }\n        responsibles { id displayName email }\n        category { title }\n        contact { displayName canEdit }\n        entity { title }\n        project { title usedBytes usedFiles viewerRole canEdit canDelete }\n        createdBy { email }\n      }\n    }\n  }\n"): (typeof documents)["\n  query TasksInFull {\n    tasks(first: 100) {\n      nodes {\n        canEdit viewerCanAttach\n        responsible { id email }\n        responsibles { id displayName email }\n        category { title }\n        contact { displayName canEdit }\n        entity { title }\n        project { title usedBytes usedFiles viewerRole canEdit canDelete }\n        createdBy { email }\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;