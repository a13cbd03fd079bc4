import type { Client, CombinedError } from 'urql';
import { graphql } from '../generated/index.ts';

export const updateFileMutation = graphql(`
  mutation UpdateFile($input: UpdateFileInput!) {
    updateFile(input: $input) {
      file {
        ...FileRow
      }
    }
  }
`);

export const removeFileMutation = graphql(`
  mutation RemoveFile($fileId: ID!, $onlyThisVersion: Boolean) {
    removeFile(input: { fileId: $fileId, onlyThisVersion: $onlyThisVersion }) {
      removedFileIds
    }
  }
`);

export const detachFilesMutation = graphql(`
  mutation DetachFiles($from: ID!, $fileIds: [ID!]!) {
    detachFiles(input: { from: $from, fileIds: $fileIds }) {
      detachedFileIds
    }
  }
`);

export const moveFilesMutation = graphql(`
  mutation MoveFiles($from: ID!, $to: ID!, $fileIds: [ID!]!) {
    moveFiles(input: { from: $from, to: $to, fileIds: $fileIds }) {
      files {
        id
      }
    }
  }
`);

const attachProjectFiles = graphql(`
  mutation AttachProjectFiles($on: ID!, $fileIds: [ID!]!) {
    attach: attachProjectFiles(input: { projectId: $on, fileIds: $fileIds }) {
      files {
        ...FileRow
      }
    }
  }
`);

const attachTaskFiles = graphql(`
  mutation AttachTaskFiles($on: ID!, $fileIds: [ID!]!) {
    attach: attachTaskFiles(input: { taskId: $on, fileIds: $fileIds }) {
      files {
        ...FileRow
      }
    }
  }
`);

const attachCommentFiles = graphql(`
  mutation AttachCommentFiles($on: ID!, $fileIds: [ID!]!) {
    attach: attachCommentFiles(input: { commentId: $on, fileIds: $fileIds }) {
      files {
        ...FileRow
      }
    }
  }
`);

const attachEntityFiles = graphql(`
  mutation AttachEntityFiles($on: ID!, $fileIds: [ID!]!) {
    attach: attachEntityFiles(input: { entityId: $on, fileIds: $fileIds }) {
      files {
        ...FileRow
      }
    }
  }
`);

const attachMutations = { Project: attachProjectFiles, Task: attachTaskFiles, Comment: attachCommentFiles };

/** Attaches stored files to a place of any type. Resolves to them in their newest versions. */
export async function attachFiles(client: Client, on: string, fileIds: readonly string[]) {
  const type = on.split(':')[0] as keyof typeof attachMutations;
  const document = attachMutations[type] ?? attachEntityFiles;
  const { data, error } = await client.mutation(document, { on, fileIds: [...fileIds] });
  return { files: data?.attach.files, error };
}

/** Does something with one file after the other, and stops at the first error. */
export async function forEachFile<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<CombinedError | undefined>,
): Promise<CombinedError | undefined> {
  for (const item of items) {
    const error = await act(item);
    if (error) return error;
  }
  return undefined;
}
