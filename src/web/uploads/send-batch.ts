import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { stringifyDocument } from 'urql';
import { serverUrl } from '../api/server-url.ts';
import { graphql } from '../generated/index.ts';
import { toUploadError, UploadError } from './upload-error.ts';

const toTask = graphql(`
  mutation UploadToTask($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {
    stored: uploadTaskFiles(input: { taskId: $on, files: $files, idempotencyKey: $idempotencyKey }) {
      files {
        id
      }
      errors {
        index
        message
        code
      }
    }
  }
`);

const toProject = graphql(`
  mutation UploadToProject($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {
    stored: uploadProjectFiles(input: { projectId: $on, files: $files, idempotencyKey: $idempotencyKey }) {
      files {
        id
      }
      errors {
        index
        message
        code
      }
    }
  }
`);

const toComment = graphql(`
  mutation UploadToComment($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {
    stored: uploadCommentFiles(input: { commentId: $on, files: $files, idempotencyKey: $idempotencyKey }) {
      files {
        id
      }
      errors {
        index
        message
        code
      }
    }
  }
`);

const toEntity = graphql(`
  mutation UploadToEntity($on: ID!, $files: [Upload!]!, $idempotencyKey: String!) {
    stored: uploadEntityFiles(input: { entityId: $on, files: $files, idempotencyKey: $idempotencyKey }) {
      files {
        id
      }
      errors {
        index
        message
        code
      }
    }
  }
`);

const MUTATIONS: Record<string, TypedDocumentNode<BatchData, never>> = {
  Task: toTask,
  Project: toProject,
  Comment: toComment,
};

interface BatchData {
  stored: { files: { id: string }[]; errors: { index: number; message: string; code: string }[] };
}

export interface BatchRequest {
  /** The attachable, as in `Task:1`. */
  on: string;
  files: readonly File[];
  /** The same for each attempt, so that a request whose response was lost stores nothing twice. */
  idempotencyKey: string;
  authorization: string;
  signal: AbortSignal;
  /** Called with the share of the request that was sent, from 0 to 1. */
  onProgress(share: number): void;
}

/** The id of a stored file, or why it was not stored. */
export type BatchResult = { fileId: string } | { error: UploadError };

/**
 * Uploads small files in one GraphQL multipart request, and resolves to a result for each. Rejects
 * with `UploadError` when nothing was stored, and with the reason of `signal`.
 * https://github.com/jaydenseric/graphql-multipart-request-spec
 */
export async function sendBatch(request: BatchRequest): Promise<BatchResult[]> {
  const { on, files, idempotencyKey } = request;
  const document = MUTATIONS[on.split(':')[0] ?? ''] ?? toEntity;
  const form = new FormData();
  const variables = { on, idempotencyKey, files: files.map(() => null) };
  form.set('operations', JSON.stringify({ query: stringifyDocument(document), variables }));
  form.set('map', JSON.stringify(Object.fromEntries(files.map((_, index) => [index, [`variables.files.${index}`]]))));
  for (const [index, file] of files.entries()) form.set(String(index), file, file.name);
  const response = await post(form, request);
  const data = dataIn(response.body);
  if (!data) throw toUploadError(response);
  const stored = data.stored.files.values();
  return files.map((_, index) => {
    const error = data.stored.errors.find((one) => one.index === index);
    const file = error ? undefined : stored.next().value;
    return file ? { fileId: file.id } : { error: new UploadError(error?.code ?? 'BAD_USER_INPUT', error?.message) };
  });
}

function dataIn(body: string): BatchData | undefined {
  try {
    return (JSON.parse(body) as { data?: BatchData | null }).data ?? undefined;
  } catch {
    return undefined;
  }
}

interface Response {
  status: number;
  retryAfter: string | null;
  body: string;
}

/** `fetch` does not report the progress of a request. */
function post(form: FormData, { authorization, signal, onProgress }: BatchRequest): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const xhr = new XMLHttpRequest();
    xhr.open('POST', serverUrl('graphql'));
    xhr.setRequestHeader('authorization', authorization);
    xhr.setRequestHeader('accept', 'application/json');
    xhr.upload.onprogress = ({ loaded, total }) => total > 0 && onProgress(loaded / total);
    xhr.onload = () =>
      resolve({ status: xhr.status, retryAfter: xhr.getResponseHeader('retry-after'), body: xhr.responseText });
    xhr.onerror = () => reject(new UploadError('UNREACHABLE'));
    const abort = () => xhr.abort();
    xhr.onabort = () => reject(signal.reason);
    xhr.onloadend = () => signal.removeEventListener('abort', abort);
    signal.addEventListener('abort', abort);
    xhr.send(form);
  });
}
