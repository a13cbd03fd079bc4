import type { Topic } from './example.ts';

export const uploading: Topic = {
  name: 'uploading',
  examples: [
    {
      name: 'UploadToTask',
      query: `# Choose the files in the panel Files, then run it.
mutation UploadToTask($input: UploadTaskFilesInput!) {
  uploadTaskFiles(input: $input) {
    files { id name size contentType sha256 url(expiresIn: 3600) }
    filesCount
    errors { index filename code message }
    eventCursor
  }
}
`,
      variables: { input: { taskId: 'Task:1', files: [] } },
    },
    {
      name: 'UploadToProject',
      query: `mutation UploadToProject($files: [Upload!]!) {
  uploadProjectFiles(input: { projectId: "Project:1", files: $files }) {
    project { usedFiles usedBytes }
    files { id name size url(expiresIn: 3600) }
    errors { filename code message }
  }
}
`,
      variables: { files: [] },
    },
    {
      name: 'UploadToEntity',
      query: `# A contact, an opportunity or a case.
mutation UploadToEntity($input: UploadEntityFilesInput!) {
  uploadEntityFiles(input: $input) {
    entity { id title }
    files { id name url(expiresIn: 3600) }
    errors { filename code message }
  }
}
`,
      variables: { input: { entityId: 'Contact:1', files: [] } },
    },
    {
      name: 'UploadToComment',
      query: `mutation UploadToComment($files: [Upload!]!) {
  uploadCommentFiles(input: { commentId: "Comment:1", files: $files }) {
    comment { id body }
    files { id name url(expiresIn: 3600) }
    errors { filename code message }
  }
}
`,
      variables: { files: [] },
    },
    {
      name: 'UploadUnattached',
      query: `# Only you see these files until they are attached.
mutation UploadUnattached($files: [Upload!]!) {
  uploadFiles(input: { files: $files }) {
    files { id name url(expiresIn: 3600) }
    errors { filename code message }
  }
}
`,
      variables: { files: [] },
    },
    {
      name: 'UploadBase64',
      query: `# Small files may be a part of the query.
mutation UploadBase64($input: CreateTaskFileInput!) {
  createTaskFile(input: $input) {
    file { id name size contentType url(expiresIn: 3600) }
  }
}
`,
      variables: { input: { taskId: 'Task:1', filename: 'hello.txt', blob: 'SGVsbG8sIEF0dGFjaMOp' } },
    },
    {
      name: 'UploadOnce',
      query: `# A repeated request with the same key is executed once.
mutation UploadOnce($files: [Upload!]!, $key: String!) {
  uploadTaskFiles(input: { taskId: "Task:1", files: $files, idempotencyKey: $key }) {
    files { id name }
    errors { filename code message }
  }
}
`,
      variables: { files: [], key: 'report-2026-07' },
    },
    {
      name: 'CreateTaskWithFiles',
      query: `mutation CreateTaskWithFiles($input: CreateTaskInput!) {
  createTask(input: $input) {
    task { id title priority deadline }
    files { id name url(expiresIn: 3600) }
    errors { filename code message }
  }
}
`,
      variables: { input: { projectId: 'Project:1', title: 'Choose the photos', priority: 'HIGH', files: [] } },
    },
    {
      name: 'CommentWithFiles',
      query: `mutation CommentWithFiles($files: [Upload!]) {
  createComment(input: { taskId: "Task:1", body: "The second sketch is attached.", files: $files }) {
    comment { id body createdAt }
    files { id name url(expiresIn: 3600) }
    errors { filename code message }
  }
}
`,
      variables: { files: [] },
    },
    {
      name: 'StartUploadSession',
      query: `# Files that are uploaded with this token are announced
# together, when the session is finished.
mutation StartUploadSession {
  startUploadSession(input: {}) {
    sessionToken
  }
}
`,
    },
    {
      name: 'FinishUploadSession',
      query: `mutation FinishUploadSession($sessionToken: String!) {
  finishUploadSession(input: { sessionToken: $sessionToken }) {
    files { id name }
  }
}
`,
      variables: { sessionToken: 'the sessionToken of startUploadSession' },
    },
    {
      name: 'UnfinishedUploads',
      query: `# What counts towards your limits of unfinished uploads.
query UnfinishedUploads {
  viewer {
    unfinishedUploads(first: 20) {
      totalCount
      nodes { id name size receivedBytes startedAt expiresAt onId }
    }
    uploadSessions(first: 20) { nodes { id openedAt lastUsedAt pendingFiles } }
  }
}
`,
    },
    {
      name: 'CancelUpload',
      query: `mutation CancelUpload($uploadId: ID!) {
  cancelUpload(input: { uploadId: $uploadId }) { cancelledUploadId }
}
`,
      variables: { uploadId: 'the id of an unfinished upload' },
    },
    {
      name: 'CreateUploadUrl',
      query: `# Where files are stored in S3: PUT the bytes to uploadUrl
# with these headers, then run CompleteUpload.
mutation CreateUploadUrl($input: CreateUploadUrlInput!) {
  createUploadUrl(input: $input) {
    uploadId
    uploadUrl
    method
    headers { name value }
    expiresAt
  }
}
`,
      variables: {
        input: {
          on: 'Task:1',
          filename: 'hello.txt',
          size: 5,
          sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
        },
      },
    },
    {
      name: 'CompleteUpload',
      query: `mutation CompleteUpload($uploadId: ID!) {
  completeUpload(input: { uploadId: $uploadId }) {
    file { id name size url(expiresIn: 3600) }
  }
}
`,
      variables: { uploadId: 'the uploadId of createUploadUrl' },
    },
  ],
};
