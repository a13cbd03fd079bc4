import type { Topic } from './example.ts';

export const sharing: Topic = {
  name: 'sharing',
  examples: [
    {
      name: 'CreateUploadToken',
      query: `# People without an account upload with this token.
mutation CreateUploadToken($input: CreateUploadTokenInput!) {
  createUploadToken(input: $input) {
    token
    uploadToken { id expiresAt maxFiles maxBytes contentTypes }
  }
}
`,
      variables: {
        input: { on: 'Task:1', expiresIn: 3600, maxFiles: 5, contentTypes: ['image/*', 'application/pdf'] },
      },
    },
    {
      name: 'UploadAsGuest',
      query: `# In the editor Headers: { "Authorization": "Bearer upt_…" }
mutation UploadAsGuest($files: [Upload!]!) {
  uploadWithToken(input: { files: $files }) {
    files { fileId name size }
    errors { filename code message }
  }
}
`,
      variables: { files: [] },
    },
    {
      name: 'CreateUploadUrlAsGuest',
      query: `# With an upload token, where files are stored in S3.
mutation CreateUploadUrlAsGuest($input: CreateUploadUrlWithTokenInput!) {
  createUploadUrlWithToken(input: $input) { uploadId uploadUrl method headers { name value } }
}
`,
      variables: {
        input: {
          filename: 'hello.txt',
          size: 5,
          sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
        },
      },
    },
    {
      name: 'CompleteUploadAsGuest',
      query: `mutation CompleteUploadAsGuest($uploadId: ID!) {
  completeUploadWithToken(input: { uploadId: $uploadId }) { file { fileId name size } }
}
`,
      variables: { uploadId: 'the uploadId of createUploadUrlWithToken' },
    },
    {
      name: 'CreateShareLink',
      query: `# The url is a page for people; the token is for clients.
mutation CreateShareLink($input: CreateShareLinkInput!) {
  createShareLink(input: $input) {
    url
    token
    shareLink { id expiresAt hasPassword }
  }
}
`,
      variables: { input: { on: 'Task:1', name: 'Sketches for the customer', expiresIn: 86400 } },
    },
    {
      name: 'SharedFiles',
      query: `# In the editor Headers: { "Authorization": "Bearer shr_…" }
query SharedFiles {
  share {
    name
    expiresAt
    files(first: 20) { totalCount nodes { fileId name size url } }
  }
}
`,
    },
    {
      name: 'TokensAndLinks',
      query: `query TokensAndLinks {
  task(id: "Task:1") {
    uploadTokens(first: 20) { nodes { id usedFiles usedBytes expiresAt revokedAt } }
    shareLinks(first: 20) { nodes { id name expiresAt revokedAt createdBy { displayName } } }
  }
}
`,
    },
    {
      name: 'RevokeTokenAndLink',
      query: `mutation RevokeTokenAndLink($uploadTokenId: ID!, $shareLinkId: ID!) {
  revokeUploadToken(input: { uploadTokenId: $uploadTokenId }) { uploadToken { id revokedAt } }
  revokeShareLink(input: { shareLinkId: $shareLinkId }) { shareLink { id revokedAt } }
}
`,
      variables: { uploadTokenId: 'UploadToken:1', shareLinkId: 'ShareLink:1' },
    },
  ],
};

export const people: Topic = {
  name: 'people',
  examples: [
    {
      name: 'CreateUser',
      query: `mutation CreateUser($input: CreateUserInput!) {
  createUser(input: $input) {
    user { id displayName email isAdmin }
  }
}
`,
      variables: { input: { displayName: 'Grace Hopper', email: 'grace@example.org' } },
    },
    {
      name: 'Users',
      query: `query Users($filter: UserFilter) {
  users(first: 20, filter: $filter) {
    totalCount
    nodes { id displayName email isAdmin isService isDisabled createdAt }
  }
}
`,
      variables: { filter: { search: '' } },
    },
    {
      name: 'Profile',
      query: `query Profile {
  user(id: "User:1") { id displayName title email avatarUrl isAdmin }
}
`,
    },
    {
      name: 'UpdateUser',
      query: `mutation UpdateUser($input: UpdateUserInput!) {
  updateUser(input: $input) {
    user { id displayName title isAdmin }
  }
}
`,
      variables: { input: { userId: 'User:2', title: 'Rear admiral' } },
    },
    {
      name: 'AddMember',
      query: `# VIEWER reads, EDITOR changes, OWNER also manages members.
mutation AddMember($input: AddProjectMemberInput!) {
  addProjectMember(input: $input) {
    memberEdge { role node { id displayName } }
  }
}
`,
      variables: { input: { projectId: 'Project:1', userId: 'User:2', role: 'EDITOR' } },
    },
    {
      name: 'Members',
      query: `query Members {
  project(id: "Project:1") {
    viewerRole
    members(first: 50) { edges { role node { id displayName } } }
  }
}
`,
    },
    {
      name: 'ChangeRole',
      query: `mutation ChangeRole($input: UpdateProjectMemberInput!) {
  updateProjectMember(input: $input) {
    memberEdge { role node { displayName } }
  }
}
`,
      variables: { input: { projectId: 'Project:1', userId: 'User:2', role: 'VIEWER' } },
    },
    {
      name: 'RemoveMember',
      query: `mutation RemoveMember($input: RemoveProjectMemberInput!) {
  removeProjectMember(input: $input) { removedUserId }
}
`,
      variables: { input: { projectId: 'Project:1', userId: 'User:2' } },
    },
    {
      name: 'CreateKey',
      query: `# The key is returned only here.
mutation CreateKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    key
    apiKey { id name scope expiresAt }
  }
}
`,
      variables: { input: { name: 'Nightly report', userId: 'User:2', scope: 'READ' } },
    },
    {
      name: 'Keys',
      query: `# viewerScope: what the key or token of this request permits.
query Keys {
  viewerScope
  viewer {
    apiKeys(first: 20) { nodes { id name scope createdAt lastUsedAt expiresAt revokedAt } }
  }
}
`,
    },
    {
      name: 'RevokeKey',
      query: `mutation RevokeKey($apiKeyId: ID!) {
  revokeApiKey(input: { apiKeyId: $apiKeyId }) {
    apiKey { id name revokedAt }
  }
}
`,
      variables: { apiKeyId: 'ApiKey:2' },
    },
    {
      name: 'DisableUser',
      query: `mutation DisableUser($userId: ID!) {
  disableUser(input: { userId: $userId }) {
    user { id displayName isDisabled }
  }
}
`,
      variables: { userId: 'User:2' },
    },
    {
      name: 'EnableUser',
      query: `mutation EnableUser($userId: ID!) {
  enableUser(input: { userId: $userId }) {
    user { id displayName isDisabled }
  }
}
`,
      variables: { userId: 'User:2' },
    },
    {
      name: 'RemoveUser',
      query: `# With erase: true also the name, in the audit log as well.
mutation RemoveUser($userId: ID!) {
  removeUser(input: { userId: $userId }) {
    user { id isRemoved }
  }
}
`,
      variables: { userId: 'User:2' },
    },
  ],
};

export const audit: Topic = {
  name: 'audit',
  examples: [
    {
      name: 'AuditLog',
      query: `query AuditLog($filter: AuditLogFilter) {
  auditLog(first: 20, filter: $filter) {
    nodes {
      at
      action
      targetId
      target { ... on User { displayName } ... on File { name } ... on Project { title } ... on Task { title } }
      actor { displayName }
      via
      apiKeyId
      address
      requestId
      details { name value }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
    },
    {
      name: 'WhoDownloaded',
      query: `query WhoDownloaded($filter: AuditLogFilter) {
  auditLog(first: 50, filter: $filter) {
    nodes { at actor { displayName } address }
  }
}
`,
      variables: { filter: { action: 'FILE_DOWNLOADED', targetId: 'File:1' } },
    },
  ],
};
