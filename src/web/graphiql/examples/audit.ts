import type { Topic } from './example.ts';

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
