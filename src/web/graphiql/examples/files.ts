import type { Topic } from './example.ts';

export const files: Topic = {
  name: 'files',
  examples: [
    {
      name: 'FileDetails',
      query: `# The links open without a key until they expire.
query FileDetails($id: ID!) {
  file(id: $id) {
    name
    size
    contentType
    charset
    sha256
    width
    height
    url(expiresIn: 3600)
    thumbnailUrl(width: 320, height: 320, expiresIn: 3600)
    createdBy { displayName }
    createdAt
    createdFrom
    updatedBy { displayName }
    updatedAt
    attachedTo { __typename id }
  }
}
`,
      variables: { id: 'File:1' },
    },
    {
      name: 'FileContent',
      query: `# For small files: of others, download the url.
query FileContent($id: ID!) {
  file(id: $id) {
    name
    content(encoding: BASE64)
  }
}
`,
      variables: { id: 'File:1' },
    },
    {
      name: 'ArchiveOfFiles',
      query: `# The link opens without a key until it expires.
query ArchiveOfFiles($fileIds: [ID!]!) {
  zipUrl(fileIds: $fileIds, expiresIn: 3600)
}
`,
      variables: { fileIds: ['File:1'] },
    },
    {
      name: 'RenameFile',
      query: `mutation RenameFile($fileId: ID!, $name: String!) {
  updateFile(input: { fileId: $fileId, name: $name }) {
    file { id name updatedAt }
  }
}
`,
      variables: { fileId: 'File:1', name: 'start-page.txt' },
    },
    {
      name: 'RemoveFile',
      query: `# Removes all its versions, everywhere it is attached.
mutation RemoveFile($fileId: ID!) {
  removeFile(input: { fileId: $fileId }) {
    removedFileIds
  }
}
`,
      variables: { fileId: 'File:1' },
    },
    {
      name: 'RemoveAllFiles',
      query: `mutation RemoveAllFiles($taskId: ID!) {
  removeAllTaskFiles(input: { taskId: $taskId }) {
    removedFileIds
    task { id title }
  }
}
`,
      variables: { taskId: 'Task:2' },
    },
  ],
};

export const versions: Topic = {
  name: 'versions',
  examples: [
    {
      name: 'UploadVersion',
      query: `# parentId is any version of the file.
mutation UploadVersion($input: UploadTaskFilesInput!) {
  uploadTaskFiles(input: $input) {
    files { id name version versions { id version url(expiresIn: 3600) } }
    errors { filename code message }
  }
}
`,
      variables: { input: { taskId: 'Task:1', parentId: 'File:1', files: [] } },
    },
    {
      name: 'Versions',
      query: `query Versions($id: ID!) {
  file(id: $id) {
    name
    version
    versions { id version size url(expiresIn: 3600) createdAt createdBy { displayName } }
  }
}
`,
      variables: { id: 'File:1' },
    },
    {
      name: 'RemoveVersion',
      query: `mutation RemoveVersion($fileId: ID!) {
  removeFile(input: { fileId: $fileId, onlyThisVersion: true }) {
    removedFileId
  }
}
`,
      variables: { fileId: 'File:2' },
    },
  ],
};

export const review: Topic = {
  name: 'review',
  examples: [
    {
      name: 'FilesToReview',
      query: `query FilesToReview {
  files(first: 20, filter: { status: PENDING }) {
    totalCount
    nodes { id name status url(expiresIn: 3600) createdBy { displayName } attachedTo { __typename id } }
  }
}
`,
    },
    {
      name: 'ReviewFile',
      query: `# PENDING, APPROVED, REQUIRED, or null for none.
mutation ReviewFile($fileId: ID!, $status: FileStatus) {
  updateFile(input: { fileId: $fileId, status: $status }) {
    file { id name status updatedBy { displayName } updatedAt }
  }
}
`,
      variables: { fileId: 'File:1', status: 'APPROVED' },
    },
    {
      name: 'PublishFile',
      query: `# Only its uploader and editors see a file that is not available.
mutation PublishFile($fileId: ID!, $available: Boolean!) {
  updateFile(input: { fileId: $fileId, available: $available }) {
    file { id name available }
  }
}
`,
      variables: { fileId: 'File:1', available: true },
    },
  ],
};
