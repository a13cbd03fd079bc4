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
    "\n  query Account {\n    viewer {\n      id\n      displayName\n      title\n      email\n      isAdmin\n      isService\n      hasIdentity\n    }\n  }\n": typeof types.AccountDocument,
    "\n  mutation ChangeName($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      user {\n        id\n        displayName\n      }\n    }\n  }\n": typeof types.ChangeNameDocument,
    "\n  query UserKeys($userId: ID!, $last: Int!, $before: String) {\n    user(id: $userId) {\n      id\n      apiKeys(last: $last, before: $before) {\n        nodes {\n          id\n          name\n          scope\n          createdAt\n          lastUsedAt\n          expiresAt\n          revokedAt\n          canRevoke\n        }\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n      }\n    }\n  }\n": typeof types.UserKeysDocument,
    "\n  mutation CreateKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      key\n      apiKey {\n        id\n      }\n    }\n  }\n": typeof types.CreateKeyDocument,
    "\n  mutation RevokeKey($id: ID!) {\n    revokeApiKey(input: { apiKeyId: $id }) {\n      apiKey {\n        id\n        revokedAt\n      }\n    }\n  }\n": typeof types.RevokeKeyDocument,
    "\n  query UnfinishedUploads($userId: ID!, $first: Int!, $after: String) {\n    user(id: $userId) {\n      id\n      unfinishedUploads(first: $first, after: $after) {\n        nodes {\n          id\n          name\n          size\n          receivedBytes\n          startedAt\n          expiresAt\n          onId\n          uploadToken {\n            id\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.UnfinishedUploadsDocument,
    "\n  query OpenUploadSessions($userId: ID!, $first: Int!, $after: String) {\n    user(id: $userId) {\n      id\n      uploadSessions(first: $first, after: $after) {\n        nodes {\n          id\n          openedAt\n          lastUsedAt\n          pendingFiles\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.OpenUploadSessionsDocument,
    "\n  mutation CancelUnfinishedUpload($id: ID!) {\n    cancelUpload(input: { uploadId: $id }) {\n      cancelledUploadId\n    }\n  }\n": typeof types.CancelUnfinishedUploadDocument,
    "\n  query MayAdminister {\n    viewer {\n      isAdmin\n    }\n    auditLog(first: 1) {\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": typeof types.MayAdministerDocument,
    "\n  fragment AuditObject on Node {\n    __typename\n    id\n    ... on User {\n      displayName\n    }\n    ... on File {\n      name\n    }\n    ... on ApiKey {\n      name\n    }\n    ... on ShareLink {\n      name\n    }\n    ... on Category {\n      title\n    }\n    ...PlaceTitle\n  }\n": typeof types.AuditObjectFragmentDoc,
    "\n  query AuditEntries($first: Int!, $after: String, $filter: AuditLogFilter) {\n    auditLog(first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        action\n        at\n        via\n        actor {\n          id\n          displayName\n        }\n        apiKeyId\n        targetId\n        target {\n          ...AuditObject\n        }\n        address\n        requestId\n        details {\n          name\n          value\n          object {\n            ...AuditObject\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AuditEntriesDocument,
    "\n  query Users($first: Int!, $after: String, $filter: UserFilter) {\n    users(first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        displayName\n        email\n        isAdmin\n        isService\n        isDisabled\n        createdAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.UsersDocument,
    "\n  query ManagedUser($id: ID!) {\n    user(id: $id) {\n      id\n      displayName\n      title\n      email\n      isAdmin\n      isService\n      isDisabled\n      isRemoved\n      createdAt\n    }\n  }\n": typeof types.ManagedUserDocument,
    "\n  mutation CreateUser($input: CreateUserInput!) {\n    createUser(input: $input) {\n      user {\n        id\n      }\n    }\n  }\n": typeof types.CreateUserDocument,
    "\n  mutation UpdateUser($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      user {\n        id\n      }\n    }\n  }\n": typeof types.UpdateUserDocument,
    "\n  mutation DisableUser($id: ID!) {\n    disableUser(input: { userId: $id }) {\n      user {\n        id\n      }\n    }\n  }\n": typeof types.DisableUserDocument,
    "\n  mutation EnableUser($id: ID!) {\n    enableUser(input: { userId: $id }) {\n      user {\n        id\n      }\n    }\n  }\n": typeof types.EnableUserDocument,
    "\n  mutation RemoveUser($id: ID!, $erase: Boolean!) {\n    removeUser(input: { userId: $id, erase: $erase }) {\n      user {\n        id\n      }\n    }\n  }\n": typeof types.RemoveUserDocument,
    "\n  query FilesToAttach($on: ID!, $first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {\n    files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        name\n        size\n        createdBy {\n          displayName\n        }\n        isAttached: isAttachedTo(on: $on)\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.FilesToAttachDocument,
    "\n  query Removal($id: ID!) {\n    file(id: $id) {\n      id\n      versions {\n        id\n      }\n      attachedTo {\n        id\n        ...PlaceTitle\n      }\n    }\n  }\n": typeof types.RemovalDocument,
    "\n  query DownloadUrl($id: ID!, $expiresIn: Int!) {\n    file(id: $id) {\n      name\n      url(expiresIn: $expiresIn)\n    }\n  }\n": typeof types.DownloadUrlDocument,
    "\n  query ZipUrl($id: ID!, $expiresIn: Int!) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        zipUrl(expiresIn: $expiresIn)\n      }\n    }\n  }\n": typeof types.ZipUrlDocument,
    "\n  query ChosenZipUrl($fileIds: [ID!]!, $expiresIn: Int!) {\n    zipUrl(fileIds: $fileIds, expiresIn: $expiresIn)\n  }\n": typeof types.ChosenZipUrlDocument,
    "\n  query PlaceFiles($id: ID!, $first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n          eventCursor\n          nodes {\n            ...FileRow\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": typeof types.PlaceFilesDocument,
    "\n  query AllFiles($first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {\n    files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      eventCursor\n      nodes {\n        ...FileRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.AllFilesDocument,
    "\n  query FileRowById($id: ID!) {\n    file(id: $id) {\n      ...FileRow\n    }\n  }\n": typeof types.FileRowByIdDocument,
    "\n  mutation UpdateFile($input: UpdateFileInput!) {\n    updateFile(input: $input) {\n      file {\n        ...FileRow\n      }\n    }\n  }\n": typeof types.UpdateFileDocument,
    "\n  mutation RemoveFile($fileId: ID!, $onlyThisVersion: Boolean) {\n    removeFile(input: { fileId: $fileId, onlyThisVersion: $onlyThisVersion }) {\n      removedFileIds\n    }\n  }\n": typeof types.RemoveFileDocument,
    "\n  mutation DetachFiles($from: ID!, $fileIds: [ID!]!) {\n    detachFiles(input: { from: $from, fileIds: $fileIds }) {\n      detachedFileIds\n    }\n  }\n": typeof types.DetachFilesDocument,
    "\n  mutation MoveFiles($from: ID!, $to: ID!, $fileIds: [ID!]!) {\n    moveFiles(input: { from: $from, to: $to, fileIds: $fileIds }) {\n      files {\n        id\n      }\n    }\n  }\n": typeof types.MoveFilesDocument,
    "\n  mutation AttachProjectFiles($on: ID!, $fileIds: [ID!]!) {\n    attach: attachProjectFiles(input: { projectId: $on, fileIds: $fileIds }) {\n      files {\n        ...FileRow\n      }\n    }\n  }\n": typeof types.AttachProjectFilesDocument,
    "\n  mutation AttachTaskFiles($on: ID!, $fileIds: [ID!]!) {\n    attach: attachTaskFiles(input: { taskId: $on, fileIds: $fileIds }) {\n      files {\n        ...FileRow\n      }\n    }\n  }\n": typeof types.AttachTaskFilesDocument,
    "\n  mutation AttachCommentFiles($on: ID!, $fileIds: [ID!]!) {\n    attach: attachCommentFiles(input: { commentId: $on, fileIds: $fileIds }) {\n      files {\n        ...FileRow\n      }\n    }\n  }\n": typeof types.AttachCommentFilesDocument,
    "\n  mutation AttachEntityFiles($on: ID!, $fileIds: [ID!]!) {\n    attach: attachEntityFiles(input: { entityId: $on, fileIds: $fileIds }) {\n      files {\n        ...FileRow\n      }\n    }\n  }\n": typeof types.AttachEntityFilesDocument,
    "\n  query FileDetails($id: ID!) {\n    file(id: $id) {\n      ...FileRow\n      sha256\n      charset\n      width\n      height\n      updatedAt\n      updatedBy {\n        displayName\n      }\n      attachedTo {\n        ...PlaceTitle\n        viewerCanAttach\n      }\n      versions {\n        id\n        version\n        name\n        size\n        createdAt\n        createdBy {\n          displayName\n        }\n        status\n        canRemove\n      }\n      url(expiresIn: 86400)\n      largeThumbnailUrl: thumbnailUrl(width: 2048, height: 2048, expiresIn: 86400)\n    }\n  }\n": typeof types.FileDetailsDocument,
    "\n  fragment FileRow on File {\n    id\n    name\n    size\n    contentType\n    isImage\n    version\n    status\n    available\n    canEdit\n    canReview\n    canRemove\n    createdAt\n    createdBy {\n      id\n      displayName\n    }\n    thumbnailUrl(width: 64, height: 64, expiresIn: 86400)\n  }\n": typeof types.FileRowFragmentDoc,
    "\n  fragment PlaceTitle on Attachable {\n    __typename\n    id\n    ... on Project {\n      title\n    }\n    ... on Task {\n      title\n    }\n    ... on Comment {\n      task {\n        title\n      }\n    }\n    ... on Entity {\n      title\n    }\n  }\n": typeof types.PlaceTitleFragmentDoc,
    "\n  subscription OnFileEvent($on: ID!, $after: String) {\n    fileEvents(on: $on, after: $after) {\n      cursor\n      type\n      onId\n      previousFileId\n      file {\n        ...FileRow\n      }\n      actor {\n        id\n        displayName\n      }\n    }\n  }\n": typeof types.OnFileEventDocument,
    "\n  subscription OnChangedPlace($on: ID!, $after: String) {\n    fileEvents(on: $on, after: $after) {\n      cursor\n      onId\n    }\n  }\n": typeof types.OnChangedPlaceDocument,
    "\n  query EventCursor($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        files(first: 1) {\n          eventCursor\n        }\n      }\n    }\n  }\n": typeof types.EventCursorDocument,
    "\n  query ManagedProject($id: ID!) {\n    project(id: $id) {\n      id\n      title\n      canEdit\n      viewerRole\n      usedBytes\n      usedFiles\n      maxBytes\n      maxFiles\n    }\n  }\n": typeof types.ManagedProjectDocument,
    "\n  query Members($id: ID!, $first: Int!, $after: String) {\n    project(id: $id) {\n      id\n      members(first: $first, after: $after) {\n        edges {\n          role\n          node {\n            id\n            displayName\n            email\n            isDisabled\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.MembersDocument,
    "\n  mutation AddMember($input: AddProjectMemberInput!) {\n    addProjectMember(input: $input) {\n      memberEdge {\n        cursor\n      }\n    }\n  }\n": typeof types.AddMemberDocument,
    "\n  mutation UpdateMember($input: UpdateProjectMemberInput!) {\n    updateProjectMember(input: $input) {\n      project {\n        id\n      }\n    }\n  }\n": typeof types.UpdateMemberDocument,
    "\n  mutation RemoveMember($input: RemoveProjectMemberInput!) {\n    removeProjectMember(input: $input) {\n      project {\n        id\n      }\n    }\n  }\n": typeof types.RemoveMemberDocument,
    "\n  mutation SetQuota($input: UpdateProjectInput!) {\n    updateProject(input: $input) {\n      project {\n        id\n        maxBytes\n        maxFiles\n      }\n    }\n  }\n": typeof types.SetQuotaDocument,
    "\n  mutation CloseTask($id: ID!, $isClosed: Boolean!) {\n    updateTask(input: { taskId: $id, isClosed: $isClosed }) {\n      task {\n        id\n        isClosed\n      }\n    }\n  }\n": typeof types.CloseTaskDocument,
    "\n  mutation CreateComment($taskId: ID!, $body: String!) {\n    createComment(input: { taskId: $taskId, body: $body }) {\n      comment {\n        id\n      }\n    }\n  }\n": typeof types.CreateCommentDocument,
    "\n  query TaskComments($taskId: ID!, $first: Int!, $after: String) {\n    task(id: $taskId) {\n      comments(first: $first, after: $after) {\n        nodes {\n          id\n          body\n          createdAt\n          createdBy {\n            displayName\n          }\n          files(first: 5) {\n            nodes {\n              id\n              name\n            }\n            pageInfo {\n              hasNextPage\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.TaskCommentsDocument,
    "\n  mutation CreateProject($title: String!) {\n    createProject(input: { title: $title }) {\n      project {\n        id\n      }\n    }\n  }\n": typeof types.CreateProjectDocument,
    "\n  mutation CreateTask($projectId: ID!, $title: String!) {\n    createTask(input: { projectId: $projectId, title: $title }) {\n      task {\n        id\n      }\n    }\n  }\n": typeof types.CreateTaskDocument,
    "\n  mutation CreateContact($title: String!) {\n    createContact(input: { displayName: $title }) {\n      contact {\n        id\n      }\n    }\n  }\n": typeof types.CreateContactDocument,
    "\n  mutation CreateOpportunity($title: String!) {\n    createOpportunity(input: { title: $title }) {\n      opportunity {\n        id\n      }\n    }\n  }\n": typeof types.CreateOpportunityDocument,
    "\n  mutation CreateCase($title: String!) {\n    createCase(input: { title: $title }) {\n      case {\n        id\n      }\n    }\n  }\n": typeof types.CreateCaseDocument,
    "\n  mutation DeleteProject($id: ID!) {\n    deleteProject(input: { projectId: $id }) {\n      deletedId\n    }\n  }\n": typeof types.DeleteProjectDocument,
    "\n  mutation DeleteTask($id: ID!) {\n    deleteTask(input: { taskId: $id }) {\n      deletedId\n    }\n  }\n": typeof types.DeleteTaskDocument,
    "\n  mutation DeleteComment($id: ID!) {\n    deleteComment(input: { commentId: $id }) {\n      deletedId\n    }\n  }\n": typeof types.DeleteCommentDocument,
    "\n  mutation DeleteContact($id: ID!) {\n    deleteContact(input: { contactId: $id }) {\n      deletedId\n    }\n  }\n": typeof types.DeleteContactDocument,
    "\n  mutation DeleteOpportunity($id: ID!) {\n    deleteOpportunity(input: { opportunityId: $id }) {\n      deletedId\n    }\n  }\n": typeof types.DeleteOpportunityDocument,
    "\n  mutation DeleteCase($id: ID!) {\n    deleteCase(input: { caseId: $id }) {\n      deletedId\n    }\n  }\n": typeof types.DeleteCaseDocument,
    "\n  query Entities($type: EntityType, $first: Int!, $after: String, $filter: EntityFilter) {\n    entities(type: $type, first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        title\n        isPrivate\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.EntitiesDocument,
    "\n  query PlaceSearch($first: Int!, $projects: ProjectFilter, $tasks: TaskFilter, $entities: EntityFilter) {\n    projects(first: $first, filter: $projects) {\n      nodes {\n        ...PlaceTitle\n        viewerCanAttach\n      }\n    }\n    tasks(first: $first, filter: $tasks) {\n      nodes {\n        ...PlaceTitle\n        viewerCanAttach\n        project {\n          title\n        }\n      }\n    }\n    entities(first: $first, filter: $entities) {\n      nodes {\n        ...PlaceTitle\n        viewerCanAttach\n      }\n    }\n  }\n": typeof types.PlaceSearchDocument,
    "\n  query Place($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n      ... on Attachable {\n        viewerCanAttach\n      }\n      ... on Project {\n        title\n        description\n        canEdit\n        canDelete\n        viewerRole\n      }\n      ... on Task {\n        title\n        description\n        isClosed\n        canEdit\n        project {\n          id\n          title\n        }\n      }\n      ... on Comment {\n        body\n        canEdit\n        canDelete\n        createdAt\n        createdBy {\n          displayName\n        }\n        task {\n          id\n          title\n          project {\n            id\n            title\n          }\n        }\n      }\n      ... on Entity {\n        title\n        entityType\n        isPrivate\n        canEdit\n        canDelete\n      }\n    }\n  }\n": typeof types.PlaceDocument,
    "\n  query Projects($first: Int!, $after: String, $filter: ProjectFilter) {\n    projects(first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        title\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ProjectsDocument,
    "\n  mutation RenameProject($id: ID!, $title: String!) {\n    updateProject(input: { projectId: $id, title: $title }) {\n      project {\n        id\n      }\n    }\n  }\n": typeof types.RenameProjectDocument,
    "\n  mutation RenameTask($id: ID!, $title: String!) {\n    updateTask(input: { taskId: $id, title: $title }) {\n      task {\n        id\n      }\n    }\n  }\n": typeof types.RenameTaskDocument,
    "\n  mutation RewriteComment($id: ID!, $title: String!) {\n    updateComment(input: { commentId: $id, body: $title }) {\n      comment {\n        id\n      }\n    }\n  }\n": typeof types.RewriteCommentDocument,
    "\n  mutation RenameContact($id: ID!, $title: String!) {\n    updateContact(input: { contactId: $id, displayName: $title }) {\n      contact {\n        id\n      }\n    }\n  }\n": typeof types.RenameContactDocument,
    "\n  mutation RenameOpportunity($id: ID!, $title: String!) {\n    updateOpportunity(input: { opportunityId: $id, title: $title }) {\n      opportunity {\n        id\n      }\n    }\n  }\n": typeof types.RenameOpportunityDocument,
    "\n  mutation RenameCase($id: ID!, $title: String!) {\n    updateCase(input: { caseId: $id, title: $title }) {\n      case {\n        id\n      }\n    }\n  }\n": typeof types.RenameCaseDocument,
    "\n  query ProjectTasks($projectId: ID!, $first: Int!, $after: String, $filter: TaskFilter) {\n    tasks(projectId: $projectId, first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        title\n        isClosed\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ProjectTasksDocument,
    "\n  query Shared($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n      ... on Project {\n        title\n      }\n      ... on Task {\n        title\n      }\n      ... on Comment {\n        body\n      }\n      ... on Entity {\n        title\n      }\n      ... on Attachable {\n        viewerCanAttach\n      }\n      ... on File {\n        name\n        canEdit\n      }\n    }\n  }\n": typeof types.SharedDocument,
    "\n  query ShareLinks($id: ID!, $last: Int!, $before: String) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        shareLinks(last: $last, before: $before) {\n          ...ListedShareLinks\n        }\n      }\n      ... on File {\n        shareLinks(last: $last, before: $before) {\n          ...ListedShareLinks\n        }\n      }\n      ... on User {\n        shareLinks(last: $last, before: $before) {\n          ...ListedShareLinks\n        }\n      }\n    }\n  }\n\n  fragment ListedShareLinks on ShareLinkConnection {\n    nodes {\n      id\n      onId\n      name\n      hasPassword\n      maxDownloads\n      usedDownloads\n      createdAt\n      expiresAt\n      revokedAt\n      canRevoke\n      createdBy {\n        id\n        displayName\n      }\n    }\n    pageInfo {\n      hasPreviousPage\n      startCursor\n    }\n  }\n": typeof types.ShareLinksDocument,
    "\n  query UploadTokens($id: ID!, $last: Int!, $before: String) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        uploadTokens(last: $last, before: $before) {\n          ...ListedUploadTokens\n        }\n      }\n      ... on User {\n        uploadTokens(last: $last, before: $before) {\n          ...ListedUploadTokens\n        }\n      }\n    }\n  }\n\n  fragment ListedUploadTokens on UploadTokenConnection {\n    nodes {\n      id\n      onId\n      contentTypes\n      maxFiles\n      usedFiles\n      maxBytes\n      usedBytes\n      createdAt\n      expiresAt\n      revokedAt\n      canRevoke\n      createdBy {\n        id\n        displayName\n      }\n    }\n    pageInfo {\n      hasPreviousPage\n      startCursor\n    }\n  }\n": typeof types.UploadTokensDocument,
    "\n  mutation CreateShareLink($input: CreateShareLinkInput!) {\n    createShareLink(input: $input) {\n      url\n      shareLink {\n        id\n      }\n    }\n  }\n": typeof types.CreateShareLinkDocument,
    "\n  mutation RevokeShareLink($id: ID!) {\n    revokeShareLink(input: { shareLinkId: $id }) {\n      shareLink {\n        id\n        revokedAt\n      }\n    }\n  }\n": typeof types.RevokeShareLinkDocument,
    "\n  mutation CreateUploadToken($input: CreateUploadTokenInput!) {\n    createUploadToken(input: $input) {\n      token\n      uploadToken {\n        id\n      }\n    }\n  }\n": typeof types.CreateUploadTokenDocument,
    "\n  mutation RevokeUploadToken($id: ID!) {\n    revokeUploadToken(input: { uploadTokenId: $id }) {\n      uploadToken {\n        id\n        revokedAt\n      }\n    }\n  }\n": typeof types.RevokeUploadTokenDocument,
    "\n  query Viewer {\n    viewer {\n      id\n      displayName\n      isAdmin\n    }\n    viewerScope\n  }\n": typeof types.ViewerDocument,
    "\n  fragment StoredFiles on UploadedFiles {\n    files {\n      id\n    }\n    errors {\n      index\n      message\n      code\n    }\n  }\n": typeof types.StoredFilesFragmentDoc,
    "\n  mutation UploadToTask($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadTaskFiles(input: { taskId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      ...StoredFiles\n    }\n  }\n": typeof types.UploadToTaskDocument,
    "\n  mutation UploadToProject($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadProjectFiles(input: { projectId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      ...StoredFiles\n    }\n  }\n": typeof types.UploadToProjectDocument,
    "\n  mutation UploadToComment($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadCommentFiles(input: { commentId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      ...StoredFiles\n    }\n  }\n": typeof types.UploadToCommentDocument,
    "\n  mutation UploadToEntity($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadEntityFiles(input: { entityId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      ...StoredFiles\n    }\n  }\n": typeof types.UploadToEntityDocument,
    "\n  mutation RemoveCancelledUpload($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) {\n      removedFileId\n    }\n  }\n": typeof types.RemoveCancelledUploadDocument,
};
const documents: Documents = {
    "\n  query Account {\n    viewer {\n      id\n      displayName\n      title\n      email\n      isAdmin\n      isService\n      hasIdentity\n    }\n  }\n": types.AccountDocument,
    "\n  mutation ChangeName($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      user {\n        id\n        displayName\n      }\n    }\n  }\n": types.ChangeNameDocument,
    "\n  query UserKeys($userId: ID!, $last: Int!, $before: String) {\n    user(id: $userId) {\n      id\n      apiKeys(last: $last, before: $before) {\n        nodes {\n          id\n          name\n          scope\n          createdAt\n          lastUsedAt\n          expiresAt\n          revokedAt\n          canRevoke\n        }\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n      }\n    }\n  }\n": types.UserKeysDocument,
    "\n  mutation CreateKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      key\n      apiKey {\n        id\n      }\n    }\n  }\n": types.CreateKeyDocument,
    "\n  mutation RevokeKey($id: ID!) {\n    revokeApiKey(input: { apiKeyId: $id }) {\n      apiKey {\n        id\n        revokedAt\n      }\n    }\n  }\n": types.RevokeKeyDocument,
    "\n  query UnfinishedUploads($userId: ID!, $first: Int!, $after: String) {\n    user(id: $userId) {\n      id\n      unfinishedUploads(first: $first, after: $after) {\n        nodes {\n          id\n          name\n          size\n          receivedBytes\n          startedAt\n          expiresAt\n          onId\n          uploadToken {\n            id\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.UnfinishedUploadsDocument,
    "\n  query OpenUploadSessions($userId: ID!, $first: Int!, $after: String) {\n    user(id: $userId) {\n      id\n      uploadSessions(first: $first, after: $after) {\n        nodes {\n          id\n          openedAt\n          lastUsedAt\n          pendingFiles\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.OpenUploadSessionsDocument,
    "\n  mutation CancelUnfinishedUpload($id: ID!) {\n    cancelUpload(input: { uploadId: $id }) {\n      cancelledUploadId\n    }\n  }\n": types.CancelUnfinishedUploadDocument,
    "\n  query MayAdminister {\n    viewer {\n      isAdmin\n    }\n    auditLog(first: 1) {\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": types.MayAdministerDocument,
    "\n  fragment AuditObject on Node {\n    __typename\n    id\n    ... on User {\n      displayName\n    }\n    ... on File {\n      name\n    }\n    ... on ApiKey {\n      name\n    }\n    ... on ShareLink {\n      name\n    }\n    ... on Category {\n      title\n    }\n    ...PlaceTitle\n  }\n": types.AuditObjectFragmentDoc,
    "\n  query AuditEntries($first: Int!, $after: String, $filter: AuditLogFilter) {\n    auditLog(first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        action\n        at\n        via\n        actor {\n          id\n          displayName\n        }\n        apiKeyId\n        targetId\n        target {\n          ...AuditObject\n        }\n        address\n        requestId\n        details {\n          name\n          value\n          object {\n            ...AuditObject\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AuditEntriesDocument,
    "\n  query Users($first: Int!, $after: String, $filter: UserFilter) {\n    users(first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        displayName\n        email\n        isAdmin\n        isService\n        isDisabled\n        createdAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.UsersDocument,
    "\n  query ManagedUser($id: ID!) {\n    user(id: $id) {\n      id\n      displayName\n      title\n      email\n      isAdmin\n      isService\n      isDisabled\n      isRemoved\n      createdAt\n    }\n  }\n": types.ManagedUserDocument,
    "\n  mutation CreateUser($input: CreateUserInput!) {\n    createUser(input: $input) {\n      user {\n        id\n      }\n    }\n  }\n": types.CreateUserDocument,
    "\n  mutation UpdateUser($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      user {\n        id\n      }\n    }\n  }\n": types.UpdateUserDocument,
    "\n  mutation DisableUser($id: ID!) {\n    disableUser(input: { userId: $id }) {\n      user {\n        id\n      }\n    }\n  }\n": types.DisableUserDocument,
    "\n  mutation EnableUser($id: ID!) {\n    enableUser(input: { userId: $id }) {\n      user {\n        id\n      }\n    }\n  }\n": types.EnableUserDocument,
    "\n  mutation RemoveUser($id: ID!, $erase: Boolean!) {\n    removeUser(input: { userId: $id, erase: $erase }) {\n      user {\n        id\n      }\n    }\n  }\n": types.RemoveUserDocument,
    "\n  query FilesToAttach($on: ID!, $first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {\n    files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        name\n        size\n        createdBy {\n          displayName\n        }\n        isAttached: isAttachedTo(on: $on)\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.FilesToAttachDocument,
    "\n  query Removal($id: ID!) {\n    file(id: $id) {\n      id\n      versions {\n        id\n      }\n      attachedTo {\n        id\n        ...PlaceTitle\n      }\n    }\n  }\n": types.RemovalDocument,
    "\n  query DownloadUrl($id: ID!, $expiresIn: Int!) {\n    file(id: $id) {\n      name\n      url(expiresIn: $expiresIn)\n    }\n  }\n": types.DownloadUrlDocument,
    "\n  query ZipUrl($id: ID!, $expiresIn: Int!) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        zipUrl(expiresIn: $expiresIn)\n      }\n    }\n  }\n": types.ZipUrlDocument,
    "\n  query ChosenZipUrl($fileIds: [ID!]!, $expiresIn: Int!) {\n    zipUrl(fileIds: $fileIds, expiresIn: $expiresIn)\n  }\n": types.ChosenZipUrlDocument,
    "\n  query PlaceFiles($id: ID!, $first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n          eventCursor\n          nodes {\n            ...FileRow\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n": types.PlaceFilesDocument,
    "\n  query AllFiles($first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {\n    files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      eventCursor\n      nodes {\n        ...FileRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.AllFilesDocument,
    "\n  query FileRowById($id: ID!) {\n    file(id: $id) {\n      ...FileRow\n    }\n  }\n": types.FileRowByIdDocument,
    "\n  mutation UpdateFile($input: UpdateFileInput!) {\n    updateFile(input: $input) {\n      file {\n        ...FileRow\n      }\n    }\n  }\n": types.UpdateFileDocument,
    "\n  mutation RemoveFile($fileId: ID!, $onlyThisVersion: Boolean) {\n    removeFile(input: { fileId: $fileId, onlyThisVersion: $onlyThisVersion }) {\n      removedFileIds\n    }\n  }\n": types.RemoveFileDocument,
    "\n  mutation DetachFiles($from: ID!, $fileIds: [ID!]!) {\n    detachFiles(input: { from: $from, fileIds: $fileIds }) {\n      detachedFileIds\n    }\n  }\n": types.DetachFilesDocument,
    "\n  mutation MoveFiles($from: ID!, $to: ID!, $fileIds: [ID!]!) {\n    moveFiles(input: { from: $from, to: $to, fileIds: $fileIds }) {\n      files {\n        id\n      }\n    }\n  }\n": types.MoveFilesDocument,
    "\n  mutation AttachProjectFiles($on: ID!, $fileIds: [ID!]!) {\n    attach: attachProjectFiles(input: { projectId: $on, fileIds: $fileIds }) {\n      files {\n        ...FileRow\n      }\n    }\n  }\n": types.AttachProjectFilesDocument,
    "\n  mutation AttachTaskFiles($on: ID!, $fileIds: [ID!]!) {\n    attach: attachTaskFiles(input: { taskId: $on, fileIds: $fileIds }) {\n      files {\n        ...FileRow\n      }\n    }\n  }\n": types.AttachTaskFilesDocument,
    "\n  mutation AttachCommentFiles($on: ID!, $fileIds: [ID!]!) {\n    attach: attachCommentFiles(input: { commentId: $on, fileIds: $fileIds }) {\n      files {\n        ...FileRow\n      }\n    }\n  }\n": types.AttachCommentFilesDocument,
    "\n  mutation AttachEntityFiles($on: ID!, $fileIds: [ID!]!) {\n    attach: attachEntityFiles(input: { entityId: $on, fileIds: $fileIds }) {\n      files {\n        ...FileRow\n      }\n    }\n  }\n": types.AttachEntityFilesDocument,
    "\n  query FileDetails($id: ID!) {\n    file(id: $id) {\n      ...FileRow\n      sha256\n      charset\n      width\n      height\n      updatedAt\n      updatedBy {\n        displayName\n      }\n      attachedTo {\n        ...PlaceTitle\n        viewerCanAttach\n      }\n      versions {\n        id\n        version\n        name\n        size\n        createdAt\n        createdBy {\n          displayName\n        }\n        status\n        canRemove\n      }\n      url(expiresIn: 86400)\n      largeThumbnailUrl: thumbnailUrl(width: 2048, height: 2048, expiresIn: 86400)\n    }\n  }\n": types.FileDetailsDocument,
    "\n  fragment FileRow on File {\n    id\n    name\n    size\n    contentType\n    isImage\n    version\n    status\n    available\n    canEdit\n    canReview\n    canRemove\n    createdAt\n    createdBy {\n      id\n      displayName\n    }\n    thumbnailUrl(width: 64, height: 64, expiresIn: 86400)\n  }\n": types.FileRowFragmentDoc,
    "\n  fragment PlaceTitle on Attachable {\n    __typename\n    id\n    ... on Project {\n      title\n    }\n    ... on Task {\n      title\n    }\n    ... on Comment {\n      task {\n        title\n      }\n    }\n    ... on Entity {\n      title\n    }\n  }\n": types.PlaceTitleFragmentDoc,
    "\n  subscription OnFileEvent($on: ID!, $after: String) {\n    fileEvents(on: $on, after: $after) {\n      cursor\n      type\n      onId\n      previousFileId\n      file {\n        ...FileRow\n      }\n      actor {\n        id\n        displayName\n      }\n    }\n  }\n": types.OnFileEventDocument,
    "\n  subscription OnChangedPlace($on: ID!, $after: String) {\n    fileEvents(on: $on, after: $after) {\n      cursor\n      onId\n    }\n  }\n": types.OnChangedPlaceDocument,
    "\n  query EventCursor($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        files(first: 1) {\n          eventCursor\n        }\n      }\n    }\n  }\n": types.EventCursorDocument,
    "\n  query ManagedProject($id: ID!) {\n    project(id: $id) {\n      id\n      title\n      canEdit\n      viewerRole\n      usedBytes\n      usedFiles\n      maxBytes\n      maxFiles\n    }\n  }\n": types.ManagedProjectDocument,
    "\n  query Members($id: ID!, $first: Int!, $after: String) {\n    project(id: $id) {\n      id\n      members(first: $first, after: $after) {\n        edges {\n          role\n          node {\n            id\n            displayName\n            email\n            isDisabled\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.MembersDocument,
    "\n  mutation AddMember($input: AddProjectMemberInput!) {\n    addProjectMember(input: $input) {\n      memberEdge {\n        cursor\n      }\n    }\n  }\n": types.AddMemberDocument,
    "\n  mutation UpdateMember($input: UpdateProjectMemberInput!) {\n    updateProjectMember(input: $input) {\n      project {\n        id\n      }\n    }\n  }\n": types.UpdateMemberDocument,
    "\n  mutation RemoveMember($input: RemoveProjectMemberInput!) {\n    removeProjectMember(input: $input) {\n      project {\n        id\n      }\n    }\n  }\n": types.RemoveMemberDocument,
    "\n  mutation SetQuota($input: UpdateProjectInput!) {\n    updateProject(input: $input) {\n      project {\n        id\n        maxBytes\n        maxFiles\n      }\n    }\n  }\n": types.SetQuotaDocument,
    "\n  mutation CloseTask($id: ID!, $isClosed: Boolean!) {\n    updateTask(input: { taskId: $id, isClosed: $isClosed }) {\n      task {\n        id\n        isClosed\n      }\n    }\n  }\n": types.CloseTaskDocument,
    "\n  mutation CreateComment($taskId: ID!, $body: String!) {\n    createComment(input: { taskId: $taskId, body: $body }) {\n      comment {\n        id\n      }\n    }\n  }\n": types.CreateCommentDocument,
    "\n  query TaskComments($taskId: ID!, $first: Int!, $after: String) {\n    task(id: $taskId) {\n      comments(first: $first, after: $after) {\n        nodes {\n          id\n          body\n          createdAt\n          createdBy {\n            displayName\n          }\n          files(first: 5) {\n            nodes {\n              id\n              name\n            }\n            pageInfo {\n              hasNextPage\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.TaskCommentsDocument,
    "\n  mutation CreateProject($title: String!) {\n    createProject(input: { title: $title }) {\n      project {\n        id\n      }\n    }\n  }\n": types.CreateProjectDocument,
    "\n  mutation CreateTask($projectId: ID!, $title: String!) {\n    createTask(input: { projectId: $projectId, title: $title }) {\n      task {\n        id\n      }\n    }\n  }\n": types.CreateTaskDocument,
    "\n  mutation CreateContact($title: String!) {\n    createContact(input: { displayName: $title }) {\n      contact {\n        id\n      }\n    }\n  }\n": types.CreateContactDocument,
    "\n  mutation CreateOpportunity($title: String!) {\n    createOpportunity(input: { title: $title }) {\n      opportunity {\n        id\n      }\n    }\n  }\n": types.CreateOpportunityDocument,
    "\n  mutation CreateCase($title: String!) {\n    createCase(input: { title: $title }) {\n      case {\n        id\n      }\n    }\n  }\n": types.CreateCaseDocument,
    "\n  mutation DeleteProject($id: ID!) {\n    deleteProject(input: { projectId: $id }) {\n      deletedId\n    }\n  }\n": types.DeleteProjectDocument,
    "\n  mutation DeleteTask($id: ID!) {\n    deleteTask(input: { taskId: $id }) {\n      deletedId\n    }\n  }\n": types.DeleteTaskDocument,
    "\n  mutation DeleteComment($id: ID!) {\n    deleteComment(input: { commentId: $id }) {\n      deletedId\n    }\n  }\n": types.DeleteCommentDocument,
    "\n  mutation DeleteContact($id: ID!) {\n    deleteContact(input: { contactId: $id }) {\n      deletedId\n    }\n  }\n": types.DeleteContactDocument,
    "\n  mutation DeleteOpportunity($id: ID!) {\n    deleteOpportunity(input: { opportunityId: $id }) {\n      deletedId\n    }\n  }\n": types.DeleteOpportunityDocument,
    "\n  mutation DeleteCase($id: ID!) {\n    deleteCase(input: { caseId: $id }) {\n      deletedId\n    }\n  }\n": types.DeleteCaseDocument,
    "\n  query Entities($type: EntityType, $first: Int!, $after: String, $filter: EntityFilter) {\n    entities(type: $type, first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        title\n        isPrivate\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.EntitiesDocument,
    "\n  query PlaceSearch($first: Int!, $projects: ProjectFilter, $tasks: TaskFilter, $entities: EntityFilter) {\n    projects(first: $first, filter: $projects) {\n      nodes {\n        ...PlaceTitle\n        viewerCanAttach\n      }\n    }\n    tasks(first: $first, filter: $tasks) {\n      nodes {\n        ...PlaceTitle\n        viewerCanAttach\n        project {\n          title\n        }\n      }\n    }\n    entities(first: $first, filter: $entities) {\n      nodes {\n        ...PlaceTitle\n        viewerCanAttach\n      }\n    }\n  }\n": types.PlaceSearchDocument,
    "\n  query Place($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n      ... on Attachable {\n        viewerCanAttach\n      }\n      ... on Project {\n        title\n        description\n        canEdit\n        canDelete\n        viewerRole\n      }\n      ... on Task {\n        title\n        description\n        isClosed\n        canEdit\n        project {\n          id\n          title\n        }\n      }\n      ... on Comment {\n        body\n        canEdit\n        canDelete\n        createdAt\n        createdBy {\n          displayName\n        }\n        task {\n          id\n          title\n          project {\n            id\n            title\n          }\n        }\n      }\n      ... on Entity {\n        title\n        entityType\n        isPrivate\n        canEdit\n        canDelete\n      }\n    }\n  }\n": types.PlaceDocument,
    "\n  query Projects($first: Int!, $after: String, $filter: ProjectFilter) {\n    projects(first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        title\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ProjectsDocument,
    "\n  mutation RenameProject($id: ID!, $title: String!) {\n    updateProject(input: { projectId: $id, title: $title }) {\n      project {\n        id\n      }\n    }\n  }\n": types.RenameProjectDocument,
    "\n  mutation RenameTask($id: ID!, $title: String!) {\n    updateTask(input: { taskId: $id, title: $title }) {\n      task {\n        id\n      }\n    }\n  }\n": types.RenameTaskDocument,
    "\n  mutation RewriteComment($id: ID!, $title: String!) {\n    updateComment(input: { commentId: $id, body: $title }) {\n      comment {\n        id\n      }\n    }\n  }\n": types.RewriteCommentDocument,
    "\n  mutation RenameContact($id: ID!, $title: String!) {\n    updateContact(input: { contactId: $id, displayName: $title }) {\n      contact {\n        id\n      }\n    }\n  }\n": types.RenameContactDocument,
    "\n  mutation RenameOpportunity($id: ID!, $title: String!) {\n    updateOpportunity(input: { opportunityId: $id, title: $title }) {\n      opportunity {\n        id\n      }\n    }\n  }\n": types.RenameOpportunityDocument,
    "\n  mutation RenameCase($id: ID!, $title: String!) {\n    updateCase(input: { caseId: $id, title: $title }) {\n      case {\n        id\n      }\n    }\n  }\n": types.RenameCaseDocument,
    "\n  query ProjectTasks($projectId: ID!, $first: Int!, $after: String, $filter: TaskFilter) {\n    tasks(projectId: $projectId, first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        title\n        isClosed\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ProjectTasksDocument,
    "\n  query Shared($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n      ... on Project {\n        title\n      }\n      ... on Task {\n        title\n      }\n      ... on Comment {\n        body\n      }\n      ... on Entity {\n        title\n      }\n      ... on Attachable {\n        viewerCanAttach\n      }\n      ... on File {\n        name\n        canEdit\n      }\n    }\n  }\n": types.SharedDocument,
    "\n  query ShareLinks($id: ID!, $last: Int!, $before: String) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        shareLinks(last: $last, before: $before) {\n          ...ListedShareLinks\n        }\n      }\n      ... on File {\n        shareLinks(last: $last, before: $before) {\n          ...ListedShareLinks\n        }\n      }\n      ... on User {\n        shareLinks(last: $last, before: $before) {\n          ...ListedShareLinks\n        }\n      }\n    }\n  }\n\n  fragment ListedShareLinks on ShareLinkConnection {\n    nodes {\n      id\n      onId\n      name\n      hasPassword\n      maxDownloads\n      usedDownloads\n      createdAt\n      expiresAt\n      revokedAt\n      canRevoke\n      createdBy {\n        id\n        displayName\n      }\n    }\n    pageInfo {\n      hasPreviousPage\n      startCursor\n    }\n  }\n": types.ShareLinksDocument,
    "\n  query UploadTokens($id: ID!, $last: Int!, $before: String) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        uploadTokens(last: $last, before: $before) {\n          ...ListedUploadTokens\n        }\n      }\n      ... on User {\n        uploadTokens(last: $last, before: $before) {\n          ...ListedUploadTokens\n        }\n      }\n    }\n  }\n\n  fragment ListedUploadTokens on UploadTokenConnection {\n    nodes {\n      id\n      onId\n      contentTypes\n      maxFiles\n      usedFiles\n      maxBytes\n      usedBytes\n      createdAt\n      expiresAt\n      revokedAt\n      canRevoke\n      createdBy {\n        id\n        displayName\n      }\n    }\n    pageInfo {\n      hasPreviousPage\n      startCursor\n    }\n  }\n": types.UploadTokensDocument,
    "\n  mutation CreateShareLink($input: CreateShareLinkInput!) {\n    createShareLink(input: $input) {\n      url\n      shareLink {\n        id\n      }\n    }\n  }\n": types.CreateShareLinkDocument,
    "\n  mutation RevokeShareLink($id: ID!) {\n    revokeShareLink(input: { shareLinkId: $id }) {\n      shareLink {\n        id\n        revokedAt\n      }\n    }\n  }\n": types.RevokeShareLinkDocument,
    "\n  mutation CreateUploadToken($input: CreateUploadTokenInput!) {\n    createUploadToken(input: $input) {\n      token\n      uploadToken {\n        id\n      }\n    }\n  }\n": types.CreateUploadTokenDocument,
    "\n  mutation RevokeUploadToken($id: ID!) {\n    revokeUploadToken(input: { uploadTokenId: $id }) {\n      uploadToken {\n        id\n        revokedAt\n      }\n    }\n  }\n": types.RevokeUploadTokenDocument,
    "\n  query Viewer {\n    viewer {\n      id\n      displayName\n      isAdmin\n    }\n    viewerScope\n  }\n": types.ViewerDocument,
    "\n  fragment StoredFiles on UploadedFiles {\n    files {\n      id\n    }\n    errors {\n      index\n      message\n      code\n    }\n  }\n": types.StoredFilesFragmentDoc,
    "\n  mutation UploadToTask($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadTaskFiles(input: { taskId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      ...StoredFiles\n    }\n  }\n": types.UploadToTaskDocument,
    "\n  mutation UploadToProject($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadProjectFiles(input: { projectId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      ...StoredFiles\n    }\n  }\n": types.UploadToProjectDocument,
    "\n  mutation UploadToComment($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadCommentFiles(input: { commentId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      ...StoredFiles\n    }\n  }\n": types.UploadToCommentDocument,
    "\n  mutation UploadToEntity($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadEntityFiles(input: { entityId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      ...StoredFiles\n    }\n  }\n": types.UploadToEntityDocument,
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
export function graphql(source: "\n  query Account {\n    viewer {\n      id\n      displayName\n      title\n      email\n      isAdmin\n      isService\n      hasIdentity\n    }\n  }\n"): (typeof documents)["\n  query Account {\n    viewer {\n      id\n      displayName\n      title\n      email\n      isAdmin\n      isService\n      hasIdentity\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangeName($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      user {\n        id\n        displayName\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ChangeName($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      user {\n        id\n        displayName\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UserKeys($userId: ID!, $last: Int!, $before: String) {\n    user(id: $userId) {\n      id\n      apiKeys(last: $last, before: $before) {\n        nodes {\n          id\n          name\n          scope\n          createdAt\n          lastUsedAt\n          expiresAt\n          revokedAt\n          canRevoke\n        }\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query UserKeys($userId: ID!, $last: Int!, $before: String) {\n    user(id: $userId) {\n      id\n      apiKeys(last: $last, before: $before) {\n        nodes {\n          id\n          name\n          scope\n          createdAt\n          lastUsedAt\n          expiresAt\n          revokedAt\n          canRevoke\n        }\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      key\n      apiKey {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      key\n      apiKey {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeKey($id: ID!) {\n    revokeApiKey(input: { apiKeyId: $id }) {\n      apiKey {\n        id\n        revokedAt\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeKey($id: ID!) {\n    revokeApiKey(input: { apiKeyId: $id }) {\n      apiKey {\n        id\n        revokedAt\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UnfinishedUploads($userId: ID!, $first: Int!, $after: String) {\n    user(id: $userId) {\n      id\n      unfinishedUploads(first: $first, after: $after) {\n        nodes {\n          id\n          name\n          size\n          receivedBytes\n          startedAt\n          expiresAt\n          onId\n          uploadToken {\n            id\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query UnfinishedUploads($userId: ID!, $first: Int!, $after: String) {\n    user(id: $userId) {\n      id\n      unfinishedUploads(first: $first, after: $after) {\n        nodes {\n          id\n          name\n          size\n          receivedBytes\n          startedAt\n          expiresAt\n          onId\n          uploadToken {\n            id\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OpenUploadSessions($userId: ID!, $first: Int!, $after: String) {\n    user(id: $userId) {\n      id\n      uploadSessions(first: $first, after: $after) {\n        nodes {\n          id\n          openedAt\n          lastUsedAt\n          pendingFiles\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query OpenUploadSessions($userId: ID!, $first: Int!, $after: String) {\n    user(id: $userId) {\n      id\n      uploadSessions(first: $first, after: $after) {\n        nodes {\n          id\n          openedAt\n          lastUsedAt\n          pendingFiles\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelUnfinishedUpload($id: ID!) {\n    cancelUpload(input: { uploadId: $id }) {\n      cancelledUploadId\n    }\n  }\n"): (typeof documents)["\n  mutation CancelUnfinishedUpload($id: ID!) {\n    cancelUpload(input: { uploadId: $id }) {\n      cancelledUploadId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MayAdminister {\n    viewer {\n      isAdmin\n    }\n    auditLog(first: 1) {\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n"): (typeof documents)["\n  query MayAdminister {\n    viewer {\n      isAdmin\n    }\n    auditLog(first: 1) {\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AuditObject on Node {\n    __typename\n    id\n    ... on User {\n      displayName\n    }\n    ... on File {\n      name\n    }\n    ... on ApiKey {\n      name\n    }\n    ... on ShareLink {\n      name\n    }\n    ... on Category {\n      title\n    }\n    ...PlaceTitle\n  }\n"): (typeof documents)["\n  fragment AuditObject on Node {\n    __typename\n    id\n    ... on User {\n      displayName\n    }\n    ... on File {\n      name\n    }\n    ... on ApiKey {\n      name\n    }\n    ... on ShareLink {\n      name\n    }\n    ... on Category {\n      title\n    }\n    ...PlaceTitle\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditEntries($first: Int!, $after: String, $filter: AuditLogFilter) {\n    auditLog(first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        action\n        at\n        via\n        actor {\n          id\n          displayName\n        }\n        apiKeyId\n        targetId\n        target {\n          ...AuditObject\n        }\n        address\n        requestId\n        details {\n          name\n          value\n          object {\n            ...AuditObject\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query AuditEntries($first: Int!, $after: String, $filter: AuditLogFilter) {\n    auditLog(first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        action\n        at\n        via\n        actor {\n          id\n          displayName\n        }\n        apiKeyId\n        targetId\n        target {\n          ...AuditObject\n        }\n        address\n        requestId\n        details {\n          name\n          value\n          object {\n            ...AuditObject\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Users($first: Int!, $after: String, $filter: UserFilter) {\n    users(first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        displayName\n        email\n        isAdmin\n        isService\n        isDisabled\n        createdAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Users($first: Int!, $after: String, $filter: UserFilter) {\n    users(first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        displayName\n        email\n        isAdmin\n        isService\n        isDisabled\n        createdAt\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ManagedUser($id: ID!) {\n    user(id: $id) {\n      id\n      displayName\n      title\n      email\n      isAdmin\n      isService\n      isDisabled\n      isRemoved\n      createdAt\n    }\n  }\n"): (typeof documents)["\n  query ManagedUser($id: ID!) {\n    user(id: $id) {\n      id\n      displayName\n      title\n      email\n      isAdmin\n      isService\n      isDisabled\n      isRemoved\n      createdAt\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateUser($input: CreateUserInput!) {\n    createUser(input: $input) {\n      user {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateUser($input: CreateUserInput!) {\n    createUser(input: $input) {\n      user {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateUser($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      user {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateUser($input: UpdateUserInput!) {\n    updateUser(input: $input) {\n      user {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DisableUser($id: ID!) {\n    disableUser(input: { userId: $id }) {\n      user {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DisableUser($id: ID!) {\n    disableUser(input: { userId: $id }) {\n      user {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EnableUser($id: ID!) {\n    enableUser(input: { userId: $id }) {\n      user {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation EnableUser($id: ID!) {\n    enableUser(input: { userId: $id }) {\n      user {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveUser($id: ID!, $erase: Boolean!) {\n    removeUser(input: { userId: $id, erase: $erase }) {\n      user {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveUser($id: ID!, $erase: Boolean!) {\n    removeUser(input: { userId: $id, erase: $erase }) {\n      user {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FilesToAttach($on: ID!, $first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {\n    files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        name\n        size\n        createdBy {\n          displayName\n        }\n        isAttached: isAttachedTo(on: $on)\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query FilesToAttach($on: ID!, $first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {\n    files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      nodes {\n        id\n        name\n        size\n        createdBy {\n          displayName\n        }\n        isAttached: isAttachedTo(on: $on)\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Removal($id: ID!) {\n    file(id: $id) {\n      id\n      versions {\n        id\n      }\n      attachedTo {\n        id\n        ...PlaceTitle\n      }\n    }\n  }\n"): (typeof documents)["\n  query Removal($id: ID!) {\n    file(id: $id) {\n      id\n      versions {\n        id\n      }\n      attachedTo {\n        id\n        ...PlaceTitle\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DownloadUrl($id: ID!, $expiresIn: Int!) {\n    file(id: $id) {\n      name\n      url(expiresIn: $expiresIn)\n    }\n  }\n"): (typeof documents)["\n  query DownloadUrl($id: ID!, $expiresIn: Int!) {\n    file(id: $id) {\n      name\n      url(expiresIn: $expiresIn)\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ZipUrl($id: ID!, $expiresIn: Int!) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        zipUrl(expiresIn: $expiresIn)\n      }\n    }\n  }\n"): (typeof documents)["\n  query ZipUrl($id: ID!, $expiresIn: Int!) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        zipUrl(expiresIn: $expiresIn)\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ChosenZipUrl($fileIds: [ID!]!, $expiresIn: Int!) {\n    zipUrl(fileIds: $fileIds, expiresIn: $expiresIn)\n  }\n"): (typeof documents)["\n  query ChosenZipUrl($fileIds: [ID!]!, $expiresIn: Int!) {\n    zipUrl(fileIds: $fileIds, expiresIn: $expiresIn)\n  }\n"];
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
export function graphql(source: "\n  mutation UpdateFile($input: UpdateFileInput!) {\n    updateFile(input: $input) {\n      file {\n        ...FileRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateFile($input: UpdateFileInput!) {\n    updateFile(input: $input) {\n      file {\n        ...FileRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveFile($fileId: ID!, $onlyThisVersion: Boolean) {\n    removeFile(input: { fileId: $fileId, onlyThisVersion: $onlyThisVersion }) {\n      removedFileIds\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveFile($fileId: ID!, $onlyThisVersion: Boolean) {\n    removeFile(input: { fileId: $fileId, onlyThisVersion: $onlyThisVersion }) {\n      removedFileIds\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DetachFiles($from: ID!, $fileIds: [ID!]!) {\n    detachFiles(input: { from: $from, fileIds: $fileIds }) {\n      detachedFileIds\n    }\n  }\n"): (typeof documents)["\n  mutation DetachFiles($from: ID!, $fileIds: [ID!]!) {\n    detachFiles(input: { from: $from, fileIds: $fileIds }) {\n      detachedFileIds\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MoveFiles($from: ID!, $to: ID!, $fileIds: [ID!]!) {\n    moveFiles(input: { from: $from, to: $to, fileIds: $fileIds }) {\n      files {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MoveFiles($from: ID!, $to: ID!, $fileIds: [ID!]!) {\n    moveFiles(input: { from: $from, to: $to, fileIds: $fileIds }) {\n      files {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AttachProjectFiles($on: ID!, $fileIds: [ID!]!) {\n    attach: attachProjectFiles(input: { projectId: $on, fileIds: $fileIds }) {\n      files {\n        ...FileRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AttachProjectFiles($on: ID!, $fileIds: [ID!]!) {\n    attach: attachProjectFiles(input: { projectId: $on, fileIds: $fileIds }) {\n      files {\n        ...FileRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AttachTaskFiles($on: ID!, $fileIds: [ID!]!) {\n    attach: attachTaskFiles(input: { taskId: $on, fileIds: $fileIds }) {\n      files {\n        ...FileRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AttachTaskFiles($on: ID!, $fileIds: [ID!]!) {\n    attach: attachTaskFiles(input: { taskId: $on, fileIds: $fileIds }) {\n      files {\n        ...FileRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AttachCommentFiles($on: ID!, $fileIds: [ID!]!) {\n    attach: attachCommentFiles(input: { commentId: $on, fileIds: $fileIds }) {\n      files {\n        ...FileRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AttachCommentFiles($on: ID!, $fileIds: [ID!]!) {\n    attach: attachCommentFiles(input: { commentId: $on, fileIds: $fileIds }) {\n      files {\n        ...FileRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AttachEntityFiles($on: ID!, $fileIds: [ID!]!) {\n    attach: attachEntityFiles(input: { entityId: $on, fileIds: $fileIds }) {\n      files {\n        ...FileRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AttachEntityFiles($on: ID!, $fileIds: [ID!]!) {\n    attach: attachEntityFiles(input: { entityId: $on, fileIds: $fileIds }) {\n      files {\n        ...FileRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FileDetails($id: ID!) {\n    file(id: $id) {\n      ...FileRow\n      sha256\n      charset\n      width\n      height\n      updatedAt\n      updatedBy {\n        displayName\n      }\n      attachedTo {\n        ...PlaceTitle\n        viewerCanAttach\n      }\n      versions {\n        id\n        version\n        name\n        size\n        createdAt\n        createdBy {\n          displayName\n        }\n        status\n        canRemove\n      }\n      url(expiresIn: 86400)\n      largeThumbnailUrl: thumbnailUrl(width: 2048, height: 2048, expiresIn: 86400)\n    }\n  }\n"): (typeof documents)["\n  query FileDetails($id: ID!) {\n    file(id: $id) {\n      ...FileRow\n      sha256\n      charset\n      width\n      height\n      updatedAt\n      updatedBy {\n        displayName\n      }\n      attachedTo {\n        ...PlaceTitle\n        viewerCanAttach\n      }\n      versions {\n        id\n        version\n        name\n        size\n        createdAt\n        createdBy {\n          displayName\n        }\n        status\n        canRemove\n      }\n      url(expiresIn: 86400)\n      largeThumbnailUrl: thumbnailUrl(width: 2048, height: 2048, expiresIn: 86400)\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment FileRow on File {\n    id\n    name\n    size\n    contentType\n    isImage\n    version\n    status\n    available\n    canEdit\n    canReview\n    canRemove\n    createdAt\n    createdBy {\n      id\n      displayName\n    }\n    thumbnailUrl(width: 64, height: 64, expiresIn: 86400)\n  }\n"): (typeof documents)["\n  fragment FileRow on File {\n    id\n    name\n    size\n    contentType\n    isImage\n    version\n    status\n    available\n    canEdit\n    canReview\n    canRemove\n    createdAt\n    createdBy {\n      id\n      displayName\n    }\n    thumbnailUrl(width: 64, height: 64, expiresIn: 86400)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PlaceTitle on Attachable {\n    __typename\n    id\n    ... on Project {\n      title\n    }\n    ... on Task {\n      title\n    }\n    ... on Comment {\n      task {\n        title\n      }\n    }\n    ... on Entity {\n      title\n    }\n  }\n"): (typeof documents)["\n  fragment PlaceTitle on Attachable {\n    __typename\n    id\n    ... on Project {\n      title\n    }\n    ... on Task {\n      title\n    }\n    ... on Comment {\n      task {\n        title\n      }\n    }\n    ... on Entity {\n      title\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription OnFileEvent($on: ID!, $after: String) {\n    fileEvents(on: $on, after: $after) {\n      cursor\n      type\n      onId\n      previousFileId\n      file {\n        ...FileRow\n      }\n      actor {\n        id\n        displayName\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription OnFileEvent($on: ID!, $after: String) {\n    fileEvents(on: $on, after: $after) {\n      cursor\n      type\n      onId\n      previousFileId\n      file {\n        ...FileRow\n      }\n      actor {\n        id\n        displayName\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription OnChangedPlace($on: ID!, $after: String) {\n    fileEvents(on: $on, after: $after) {\n      cursor\n      onId\n    }\n  }\n"): (typeof documents)["\n  subscription OnChangedPlace($on: ID!, $after: String) {\n    fileEvents(on: $on, after: $after) {\n      cursor\n      onId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EventCursor($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        files(first: 1) {\n          eventCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query EventCursor($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        files(first: 1) {\n          eventCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ManagedProject($id: ID!) {\n    project(id: $id) {\n      id\n      title\n      canEdit\n      viewerRole\n      usedBytes\n      usedFiles\n      maxBytes\n      maxFiles\n    }\n  }\n"): (typeof documents)["\n  query ManagedProject($id: ID!) {\n    project(id: $id) {\n      id\n      title\n      canEdit\n      viewerRole\n      usedBytes\n      usedFiles\n      maxBytes\n      maxFiles\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Members($id: ID!, $first: Int!, $after: String) {\n    project(id: $id) {\n      id\n      members(first: $first, after: $after) {\n        edges {\n          role\n          node {\n            id\n            displayName\n            email\n            isDisabled\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Members($id: ID!, $first: Int!, $after: String) {\n    project(id: $id) {\n      id\n      members(first: $first, after: $after) {\n        edges {\n          role\n          node {\n            id\n            displayName\n            email\n            isDisabled\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddMember($input: AddProjectMemberInput!) {\n    addProjectMember(input: $input) {\n      memberEdge {\n        cursor\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AddMember($input: AddProjectMemberInput!) {\n    addProjectMember(input: $input) {\n      memberEdge {\n        cursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateMember($input: UpdateProjectMemberInput!) {\n    updateProjectMember(input: $input) {\n      project {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateMember($input: UpdateProjectMemberInput!) {\n    updateProjectMember(input: $input) {\n      project {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveMember($input: RemoveProjectMemberInput!) {\n    removeProjectMember(input: $input) {\n      project {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveMember($input: RemoveProjectMemberInput!) {\n    removeProjectMember(input: $input) {\n      project {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetQuota($input: UpdateProjectInput!) {\n    updateProject(input: $input) {\n      project {\n        id\n        maxBytes\n        maxFiles\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SetQuota($input: UpdateProjectInput!) {\n    updateProject(input: $input) {\n      project {\n        id\n        maxBytes\n        maxFiles\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CloseTask($id: ID!, $isClosed: Boolean!) {\n    updateTask(input: { taskId: $id, isClosed: $isClosed }) {\n      task {\n        id\n        isClosed\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CloseTask($id: ID!, $isClosed: Boolean!) {\n    updateTask(input: { taskId: $id, isClosed: $isClosed }) {\n      task {\n        id\n        isClosed\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateComment($taskId: ID!, $body: String!) {\n    createComment(input: { taskId: $taskId, body: $body }) {\n      comment {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateComment($taskId: ID!, $body: String!) {\n    createComment(input: { taskId: $taskId, body: $body }) {\n      comment {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TaskComments($taskId: ID!, $first: Int!, $after: String) {\n    task(id: $taskId) {\n      comments(first: $first, after: $after) {\n        nodes {\n          id\n          body\n          createdAt\n          createdBy {\n            displayName\n          }\n          files(first: 5) {\n            nodes {\n              id\n              name\n            }\n            pageInfo {\n              hasNextPage\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query TaskComments($taskId: ID!, $first: Int!, $after: String) {\n    task(id: $taskId) {\n      comments(first: $first, after: $after) {\n        nodes {\n          id\n          body\n          createdAt\n          createdBy {\n            displayName\n          }\n          files(first: 5) {\n            nodes {\n              id\n              name\n            }\n            pageInfo {\n              hasNextPage\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateProject($title: String!) {\n    createProject(input: { title: $title }) {\n      project {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateProject($title: String!) {\n    createProject(input: { title: $title }) {\n      project {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateTask($projectId: ID!, $title: String!) {\n    createTask(input: { projectId: $projectId, title: $title }) {\n      task {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateTask($projectId: ID!, $title: String!) {\n    createTask(input: { projectId: $projectId, title: $title }) {\n      task {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateContact($title: String!) {\n    createContact(input: { displayName: $title }) {\n      contact {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateContact($title: String!) {\n    createContact(input: { displayName: $title }) {\n      contact {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateOpportunity($title: String!) {\n    createOpportunity(input: { title: $title }) {\n      opportunity {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateOpportunity($title: String!) {\n    createOpportunity(input: { title: $title }) {\n      opportunity {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateCase($title: String!) {\n    createCase(input: { title: $title }) {\n      case {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateCase($title: String!) {\n    createCase(input: { title: $title }) {\n      case {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteProject($id: ID!) {\n    deleteProject(input: { projectId: $id }) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteProject($id: ID!) {\n    deleteProject(input: { projectId: $id }) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteTask($id: ID!) {\n    deleteTask(input: { taskId: $id }) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteTask($id: ID!) {\n    deleteTask(input: { taskId: $id }) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteComment($id: ID!) {\n    deleteComment(input: { commentId: $id }) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteComment($id: ID!) {\n    deleteComment(input: { commentId: $id }) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteContact($id: ID!) {\n    deleteContact(input: { contactId: $id }) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteContact($id: ID!) {\n    deleteContact(input: { contactId: $id }) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteOpportunity($id: ID!) {\n    deleteOpportunity(input: { opportunityId: $id }) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteOpportunity($id: ID!) {\n    deleteOpportunity(input: { opportunityId: $id }) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteCase($id: ID!) {\n    deleteCase(input: { caseId: $id }) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteCase($id: ID!) {\n    deleteCase(input: { caseId: $id }) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Entities($type: EntityType, $first: Int!, $after: String, $filter: EntityFilter) {\n    entities(type: $type, first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        title\n        isPrivate\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Entities($type: EntityType, $first: Int!, $after: String, $filter: EntityFilter) {\n    entities(type: $type, first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        title\n        isPrivate\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PlaceSearch($first: Int!, $projects: ProjectFilter, $tasks: TaskFilter, $entities: EntityFilter) {\n    projects(first: $first, filter: $projects) {\n      nodes {\n        ...PlaceTitle\n        viewerCanAttach\n      }\n    }\n    tasks(first: $first, filter: $tasks) {\n      nodes {\n        ...PlaceTitle\n        viewerCanAttach\n        project {\n          title\n        }\n      }\n    }\n    entities(first: $first, filter: $entities) {\n      nodes {\n        ...PlaceTitle\n        viewerCanAttach\n      }\n    }\n  }\n"): (typeof documents)["\n  query PlaceSearch($first: Int!, $projects: ProjectFilter, $tasks: TaskFilter, $entities: EntityFilter) {\n    projects(first: $first, filter: $projects) {\n      nodes {\n        ...PlaceTitle\n        viewerCanAttach\n      }\n    }\n    tasks(first: $first, filter: $tasks) {\n      nodes {\n        ...PlaceTitle\n        viewerCanAttach\n        project {\n          title\n        }\n      }\n    }\n    entities(first: $first, filter: $entities) {\n      nodes {\n        ...PlaceTitle\n        viewerCanAttach\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Place($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n      ... on Attachable {\n        viewerCanAttach\n      }\n      ... on Project {\n        title\n        description\n        canEdit\n        canDelete\n        viewerRole\n      }\n      ... on Task {\n        title\n        description\n        isClosed\n        canEdit\n        project {\n          id\n          title\n        }\n      }\n      ... on Comment {\n        body\n        canEdit\n        canDelete\n        createdAt\n        createdBy {\n          displayName\n        }\n        task {\n          id\n          title\n          project {\n            id\n            title\n          }\n        }\n      }\n      ... on Entity {\n        title\n        entityType\n        isPrivate\n        canEdit\n        canDelete\n      }\n    }\n  }\n"): (typeof documents)["\n  query Place($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n      ... on Attachable {\n        viewerCanAttach\n      }\n      ... on Project {\n        title\n        description\n        canEdit\n        canDelete\n        viewerRole\n      }\n      ... on Task {\n        title\n        description\n        isClosed\n        canEdit\n        project {\n          id\n          title\n        }\n      }\n      ... on Comment {\n        body\n        canEdit\n        canDelete\n        createdAt\n        createdBy {\n          displayName\n        }\n        task {\n          id\n          title\n          project {\n            id\n            title\n          }\n        }\n      }\n      ... on Entity {\n        title\n        entityType\n        isPrivate\n        canEdit\n        canDelete\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Projects($first: Int!, $after: String, $filter: ProjectFilter) {\n    projects(first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        title\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Projects($first: Int!, $after: String, $filter: ProjectFilter) {\n    projects(first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        title\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RenameProject($id: ID!, $title: String!) {\n    updateProject(input: { projectId: $id, title: $title }) {\n      project {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RenameProject($id: ID!, $title: String!) {\n    updateProject(input: { projectId: $id, title: $title }) {\n      project {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RenameTask($id: ID!, $title: String!) {\n    updateTask(input: { taskId: $id, title: $title }) {\n      task {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RenameTask($id: ID!, $title: String!) {\n    updateTask(input: { taskId: $id, title: $title }) {\n      task {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RewriteComment($id: ID!, $title: String!) {\n    updateComment(input: { commentId: $id, body: $title }) {\n      comment {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RewriteComment($id: ID!, $title: String!) {\n    updateComment(input: { commentId: $id, body: $title }) {\n      comment {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RenameContact($id: ID!, $title: String!) {\n    updateContact(input: { contactId: $id, displayName: $title }) {\n      contact {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RenameContact($id: ID!, $title: String!) {\n    updateContact(input: { contactId: $id, displayName: $title }) {\n      contact {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RenameOpportunity($id: ID!, $title: String!) {\n    updateOpportunity(input: { opportunityId: $id, title: $title }) {\n      opportunity {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RenameOpportunity($id: ID!, $title: String!) {\n    updateOpportunity(input: { opportunityId: $id, title: $title }) {\n      opportunity {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RenameCase($id: ID!, $title: String!) {\n    updateCase(input: { caseId: $id, title: $title }) {\n      case {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RenameCase($id: ID!, $title: String!) {\n    updateCase(input: { caseId: $id, title: $title }) {\n      case {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ProjectTasks($projectId: ID!, $first: Int!, $after: String, $filter: TaskFilter) {\n    tasks(projectId: $projectId, first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        title\n        isClosed\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query ProjectTasks($projectId: ID!, $first: Int!, $after: String, $filter: TaskFilter) {\n    tasks(projectId: $projectId, first: $first, after: $after, filter: $filter) {\n      nodes {\n        id\n        title\n        isClosed\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Shared($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n      ... on Project {\n        title\n      }\n      ... on Task {\n        title\n      }\n      ... on Comment {\n        body\n      }\n      ... on Entity {\n        title\n      }\n      ... on Attachable {\n        viewerCanAttach\n      }\n      ... on File {\n        name\n        canEdit\n      }\n    }\n  }\n"): (typeof documents)["\n  query Shared($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n      ... on Project {\n        title\n      }\n      ... on Task {\n        title\n      }\n      ... on Comment {\n        body\n      }\n      ... on Entity {\n        title\n      }\n      ... on Attachable {\n        viewerCanAttach\n      }\n      ... on File {\n        name\n        canEdit\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ShareLinks($id: ID!, $last: Int!, $before: String) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        shareLinks(last: $last, before: $before) {\n          ...ListedShareLinks\n        }\n      }\n      ... on File {\n        shareLinks(last: $last, before: $before) {\n          ...ListedShareLinks\n        }\n      }\n      ... on User {\n        shareLinks(last: $last, before: $before) {\n          ...ListedShareLinks\n        }\n      }\n    }\n  }\n\n  fragment ListedShareLinks on ShareLinkConnection {\n    nodes {\n      id\n      onId\n      name\n      hasPassword\n      maxDownloads\n      usedDownloads\n      createdAt\n      expiresAt\n      revokedAt\n      canRevoke\n      createdBy {\n        id\n        displayName\n      }\n    }\n    pageInfo {\n      hasPreviousPage\n      startCursor\n    }\n  }\n"): (typeof documents)["\n  query ShareLinks($id: ID!, $last: Int!, $before: String) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        shareLinks(last: $last, before: $before) {\n          ...ListedShareLinks\n        }\n      }\n      ... on File {\n        shareLinks(last: $last, before: $before) {\n          ...ListedShareLinks\n        }\n      }\n      ... on User {\n        shareLinks(last: $last, before: $before) {\n          ...ListedShareLinks\n        }\n      }\n    }\n  }\n\n  fragment ListedShareLinks on ShareLinkConnection {\n    nodes {\n      id\n      onId\n      name\n      hasPassword\n      maxDownloads\n      usedDownloads\n      createdAt\n      expiresAt\n      revokedAt\n      canRevoke\n      createdBy {\n        id\n        displayName\n      }\n    }\n    pageInfo {\n      hasPreviousPage\n      startCursor\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query UploadTokens($id: ID!, $last: Int!, $before: String) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        uploadTokens(last: $last, before: $before) {\n          ...ListedUploadTokens\n        }\n      }\n      ... on User {\n        uploadTokens(last: $last, before: $before) {\n          ...ListedUploadTokens\n        }\n      }\n    }\n  }\n\n  fragment ListedUploadTokens on UploadTokenConnection {\n    nodes {\n      id\n      onId\n      contentTypes\n      maxFiles\n      usedFiles\n      maxBytes\n      usedBytes\n      createdAt\n      expiresAt\n      revokedAt\n      canRevoke\n      createdBy {\n        id\n        displayName\n      }\n    }\n    pageInfo {\n      hasPreviousPage\n      startCursor\n    }\n  }\n"): (typeof documents)["\n  query UploadTokens($id: ID!, $last: Int!, $before: String) {\n    node(id: $id) {\n      id\n      ... on Attachable {\n        uploadTokens(last: $last, before: $before) {\n          ...ListedUploadTokens\n        }\n      }\n      ... on User {\n        uploadTokens(last: $last, before: $before) {\n          ...ListedUploadTokens\n        }\n      }\n    }\n  }\n\n  fragment ListedUploadTokens on UploadTokenConnection {\n    nodes {\n      id\n      onId\n      contentTypes\n      maxFiles\n      usedFiles\n      maxBytes\n      usedBytes\n      createdAt\n      expiresAt\n      revokedAt\n      canRevoke\n      createdBy {\n        id\n        displayName\n      }\n    }\n    pageInfo {\n      hasPreviousPage\n      startCursor\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateShareLink($input: CreateShareLinkInput!) {\n    createShareLink(input: $input) {\n      url\n      shareLink {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateShareLink($input: CreateShareLinkInput!) {\n    createShareLink(input: $input) {\n      url\n      shareLink {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeShareLink($id: ID!) {\n    revokeShareLink(input: { shareLinkId: $id }) {\n      shareLink {\n        id\n        revokedAt\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeShareLink($id: ID!) {\n    revokeShareLink(input: { shareLinkId: $id }) {\n      shareLink {\n        id\n        revokedAt\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateUploadToken($input: CreateUploadTokenInput!) {\n    createUploadToken(input: $input) {\n      token\n      uploadToken {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateUploadToken($input: CreateUploadTokenInput!) {\n    createUploadToken(input: $input) {\n      token\n      uploadToken {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeUploadToken($id: ID!) {\n    revokeUploadToken(input: { uploadTokenId: $id }) {\n      uploadToken {\n        id\n        revokedAt\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeUploadToken($id: ID!) {\n    revokeUploadToken(input: { uploadTokenId: $id }) {\n      uploadToken {\n        id\n        revokedAt\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Viewer {\n    viewer {\n      id\n      displayName\n      isAdmin\n    }\n    viewerScope\n  }\n"): (typeof documents)["\n  query Viewer {\n    viewer {\n      id\n      displayName\n      isAdmin\n    }\n    viewerScope\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment StoredFiles on UploadedFiles {\n    files {\n      id\n    }\n    errors {\n      index\n      message\n      code\n    }\n  }\n"): (typeof documents)["\n  fragment StoredFiles on UploadedFiles {\n    files {\n      id\n    }\n    errors {\n      index\n      message\n      code\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UploadToTask($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadTaskFiles(input: { taskId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      ...StoredFiles\n    }\n  }\n"): (typeof documents)["\n  mutation UploadToTask($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadTaskFiles(input: { taskId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      ...StoredFiles\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UploadToProject($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadProjectFiles(input: { projectId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      ...StoredFiles\n    }\n  }\n"): (typeof documents)["\n  mutation UploadToProject($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadProjectFiles(input: { projectId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      ...StoredFiles\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UploadToComment($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadCommentFiles(input: { commentId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      ...StoredFiles\n    }\n  }\n"): (typeof documents)["\n  mutation UploadToComment($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadCommentFiles(input: { commentId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      ...StoredFiles\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UploadToEntity($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadEntityFiles(input: { entityId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      ...StoredFiles\n    }\n  }\n"): (typeof documents)["\n  mutation UploadToEntity($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {\n    stored: uploadEntityFiles(input: { entityId: $on, files: $files, idempotencyKey: $idempotencyKey }) {\n      ...StoredFiles\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveCancelledUpload($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) {\n      removedFileId\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveCancelledUpload($fileId: ID!) {\n    removeFile(input: { fileId: $fileId }) {\n      removedFileId\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;