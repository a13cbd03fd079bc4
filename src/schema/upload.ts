import type { Upload } from 'graphql-upload-minimal';
import { type Added, addFiles } from '../attachments/add.ts';
import { attachmentsOn } from '../attachments/read.ts';
import type { ReceivedFile } from '../attachments/receive.ts';
import type { AttachableRef, Task } from '../database/entities/index.ts';
import { BadInput, type ErrorCode } from '../errors.ts';
import { type Attachable, reachToEdit, refOf } from '../workspace/attachable.ts';
import { edgeOf } from './attachable.ts';
import { builder } from './builder.ts';
import type { GraphQLContext } from './context.ts';
import { ErrorCodeEnum } from './errors.ts';
import { FileEdge } from './file.ts';
import { idOf } from './ids.ts';
import { FileNode, TaskNode } from './refs.ts';

interface FileError {
  index: number;
  filename: string;
  message: string;
  code: ErrorCode;
}

const FileErrorType = builder.objectRef<FileError>('FileError').implement({
  description: 'Why one file of several was not kept. Nothing is left of it, and the others are not affected.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Its place in the `files` that were given, from 0.' }),
    filename: t.exposeString('filename', { description: 'What the client called it.' }),
    message: t.exposeString('message', { description: 'What went wrong and what to do, for people.' }),
    code: t.expose('code', { type: ErrorCodeEnum, description: 'What went wrong, for programs.' }),
  }),
});

interface UploadResult extends Added {
  errors: FileError[];
}

/**
 * Takes the files of a request and stores those that arrived whole. Rights are asked before the first byte is read,
 * so that a request that may not upload costs nothing.
 */
async function upload(context: GraphQLContext, uploads: readonly Upload[], on?: AttachableRef): Promise<UploadResult> {
  if (uploads.length === 0) throw new BadInput('Give at least one file.');
  if (on) await reachToEdit(context, on);
  const received: ReceivedFile[] = [];
  const errors: FileError[] = [];
  const incoming = await Promise.all(uploads.map((file) => context.receive(file)));
  for (const [index, result] of incoming.entries()) {
    if ('file' in result) received.push(result.file);
    else errors.push({ index, filename: result.filename, message: result.failure.message, code: result.failure.code });
  }
  return { ...(await addFiles(context, received, on)), errors };
}

/** What every payload about files on an attachable has. */
export interface Hung extends Added {
  row: Attachable;
}

const filesField = 'Those of this request that are kept, in the order in which they were given.';
const edgesField = 'The same as edges of the list they were added to, so that a cache can append them.';
const countField = 'How many files hang there now.';

export { countField, edgesField, filesField };

builder.relayMutationField(
  'uploadTaskFiles',
  {
    description: 'Files for a task.',
    inputFields: (t) => ({
      taskId: t.id({ required: true, description: 'As in `Task:1`.' }),
      files: t.field({
        type: ['Upload'],
        required: true,
        description: 'One or more files, each a part of the multipart request.',
      }),
    }),
  },
  {
    description:
      'Uploads files to a task. Each file is stored or fails by itself; when the answer comes, those stored are safe from a ' +
      'power cut and listeners have been told.',
    resolve: async (_root, { input }, context) => {
      const on: AttachableRef = { type: 'Task', id: idOf('Task', input.taskId) };
      const result = await upload(context, input.files, on);
      return { ...result, task: (await reachToEdit(context, on)).row as Task };
    },
  },
  {
    description: 'What became of the files.',
    outputFields: (t) => ({
      task: t.field({ type: TaskNode, description: 'Where they hang.', resolve: (payload) => payload.task }),
      files: t.field({ type: [FileNode], description: filesField, resolve: (payload) => payload.files }),
      fileEdges: t.field({
        type: [FileEdge],
        description: edgesField,
        resolve: (payload) => payload.attachments.map(edgeOf),
      }),
      filesCount: t.int({
        description: countField,
        resolve: (payload, _args, context) => attachmentsOn(context, refOf(payload.task)).count(),
      }),
      errors: t.field({
        type: [FileErrorType],
        description: 'Those that are not kept, and why.',
        resolve: (payload) => payload.errors,
      }),
    }),
  },
);

builder.relayMutationField(
  'uploadFiles',
  {
    description: 'Files for later.',
    inputFields: (t) => ({
      files: t.field({
        type: ['Upload'],
        required: true,
        description: 'One or more files, each a part of the multipart request.',
      }),
    }),
  },
  {
    description: 'Stores files that hang on nothing yet; attach them later by their ids. Until then only you see them.',
    resolve: (_root, { input }, context) => upload(context, input.files),
  },
  {
    description: 'What became of the files.',
    outputFields: (t) => ({
      files: t.field({ type: [FileNode], description: filesField, resolve: (payload) => payload.files }),
      filesCount: t.int({ description: 'How many of them are kept.', resolve: (payload) => payload.files.length }),
      errors: t.field({
        type: [FileErrorType],
        description: 'Those that are not kept, and why.',
        resolve: (payload) => payload.errors,
      }),
    }),
  },
);
