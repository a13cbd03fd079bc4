import { graphql } from '../generated/index.ts';

export const uploadTaskFiles = graphql(`
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

export const uploadFiles = graphql(`
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
