import { graphql } from '../generated/index.ts';

export const uploadTaskFilesDocument = graphql(`
  mutation UploadTaskFiles($taskId: ID!, $files: [Upload!]!) {
    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {
      task { id }
      files { id databaseId name size contentType sha256 isImage url createdAt createdBy { id displayName } }
      fileEdges { cursor node { id } }
      filesCount
      errors { index filename message code }
    }
  }
`);

export const uploadFilesDocument = graphql(`
  mutation UploadFiles($files: [Upload!]!) {
    uploadFiles(input: { files: $files }) {
      files { id databaseId name size contentType sha256 }
      filesCount
      errors { index filename message code }
    }
  }
`);

export const taskFiles = graphql(`
  query TaskFiles($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    task(id: $id) {
      files(first: $first, after: $after, last: $last, before: $before) {
        totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { cursor node { id name } }
      }
    }
  }
`);

export const fileAdded = graphql(`
  subscription FileAdded($on: ID!) {
    fileAdded(on: $on) {
      file { id name size sha256 }
      fileEdge { cursor node { id } }
      on { __typename id }
      actor { id displayName }
      at
    }
  }
`);

export const attachTaskFiles = graphql(`
  mutation AttachTaskFiles($taskId: ID!, $fileIds: [ID!]!) {
    attachTaskFiles(input: { taskId: $taskId, fileIds: $fileIds }) {
      task { id }
      files { id name }
      fileEdges { cursor node { id } }
      filesCount
    }
  }
`);

export const attachEntityFiles = graphql(`
  mutation AttachEntityFiles($entityId: ID!, $fileIds: [ID!]!) {
    attachEntityFiles(input: { entityId: $entityId, fileIds: $fileIds }) {
      entity { __typename id }
      files { id name }
      fileEdges { cursor node { id } }
      filesCount
    }
  }
`);

export const removeFile = graphql(`
  mutation RemoveFile($fileId: ID!) {
    removeFile(input: { fileId: $fileId }) { removedFileId }
  }
`);
