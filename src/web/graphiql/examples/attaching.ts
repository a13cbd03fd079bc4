import type { Topic } from './example.ts';

export const attaching: Topic = {
  name: 'attaching',
  examples: [
    {
      name: 'AttachToTask',
      query: `mutation AttachToTask($fileIds: [ID!]!) {
  attachTaskFiles(input: { taskId: "Task:2", fileIds: $fileIds }) {
    filesCount
    files { id name attachedTo { id } }
  }
}
`,
      variables: { fileIds: ['File:1'] },
    },
    {
      name: 'AttachToEntity',
      query: `# In the history of a contact, with a text and a category.
mutation AttachToEntity($input: AttachEntityFilesInput!) {
  attachEntityFiles(input: $input) {
    filesCount
    historyEvent { id content createdAt files { name url(expiresIn: 3600) } }
  }
}
`,
      variables: { input: { entityId: 'Contact:1', fileIds: ['File:1'], content: 'The signed contract' } },
    },
    {
      name: 'AttachToProjectAndComment',
      query: `mutation AttachToProjectAndComment($fileIds: [ID!]!) {
  attachProjectFiles(input: { projectId: "Project:1", fileIds: $fileIds }) { filesCount }
  attachCommentFiles(input: { commentId: "Comment:1", fileIds: $fileIds }) { filesCount }
}
`,
      variables: { fileIds: ['File:1'] },
    },
    {
      name: 'MoveFiles',
      query: `mutation MoveFiles($fileIds: [ID!]!, $from: ID!, $to: ID!) {
  moveFiles(input: { fileIds: $fileIds, from: $from, to: $to }) {
    to { __typename id }
    filesCount
  }
}
`,
      variables: { fileIds: ['File:2'], from: 'Task:1', to: 'Task:2' },
    },
    {
      name: 'DetachFiles',
      query: `mutation DetachFiles($fileIds: [ID!]!, $from: ID!) {
  detachFiles(input: { fileIds: $fileIds, from: $from }) {
    detachedFileIds
    filesCount
  }
}
`,
      variables: { fileIds: ['File:1'], from: 'Task:2' },
    },
  ],
};
