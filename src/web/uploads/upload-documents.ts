import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { StoredFilesFragment } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';

graphql(`
  fragment StoredFiles on UploadedFiles {
    files {
      id
    }
    errors {
      index
      message
      code
    }
  }
`);

const toTask = graphql(`
  mutation UploadToTask($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {
    stored: uploadTaskFiles(input: { taskId: $on, files: $files, idempotencyKey: $idempotencyKey }) {
      ...StoredFiles
    }
  }
`);

const toProject = graphql(`
  mutation UploadToProject($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {
    stored: uploadProjectFiles(input: { projectId: $on, files: $files, idempotencyKey: $idempotencyKey }) {
      ...StoredFiles
    }
  }
`);

const toComment = graphql(`
  mutation UploadToComment($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {
    stored: uploadCommentFiles(input: { commentId: $on, files: $files, idempotencyKey: $idempotencyKey }) {
      ...StoredFiles
    }
  }
`);

const toEntity = graphql(`
  mutation UploadToEntity($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {
    stored: uploadEntityFiles(input: { entityId: $on, files: $files, idempotencyKey: $idempotencyKey }) {
      ...StoredFiles
    }
  }
`);

export interface UploadData {
  stored: StoredFilesFragment;
}

const DOCUMENTS: Record<string, TypedDocumentNode<UploadData, never>> = {
  Task: toTask,
  Project: toProject,
  Comment: toComment,
};

/** The mutation that uploads files to an attachable, as to `Task:1`. */
export const uploadDocument = (on: string): TypedDocumentNode<UploadData, never> =>
  DOCUMENTS[on.split(':')[0] ?? ''] ?? toEntity;
