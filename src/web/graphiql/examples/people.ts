import type { Topic } from './example.ts';

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
