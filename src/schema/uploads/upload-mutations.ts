import type { AttachableRef } from '../../database/entities/index.ts';
import { finishUploadSession, startUploadSession } from '../../uploads/upload-session.ts';
import { type Entity, entityTypes, loadAttachable } from '../../workspace/attachable.ts';
import { builder } from '../builder.ts';
import { uploadPayloadInterfaces } from '../files/files-payload.ts';
import { attachableOf, idOf } from '../ids.ts';
import { CommentNode, EntityInterface, FileNode, ProjectNode, TaskNode } from '../refs.ts';
import { aboutFiles, upload, uploadFields, uploadInline } from './upload.ts';

const promise =
  'Each file is stored or fails independently. Stored files are durable when the ' +
  'response arrives. With `parentId`, they become the next versions of that file.';
const payload = { description: 'The stored files, and the errors of the others.' };
const where = 'The attachable that the files are attached to.';

uploadPayloadInterfaces(
  builder.relayMutationField(
    'uploadTaskFiles',
    {
      description: 'The files to upload to a task.',
      inputFields: (t) => ({
        taskId: t.id({ required: true, description: 'Id of the task, as in `Task:1`.' }),
        ...uploadFields(t),
      }),
    },
    {
      description: `Uploads files to a task. ${promise}`,
      resolve: (_root, { input }, context) => upload(context, input, { type: 'Task', id: idOf('Task', input.taskId) }),
    },
    {
      ...payload,
      outputFields: (t) => ({
        task: t.field({ type: TaskNode, description: where, resolve: ({ on }) => (on as AttachableRef).id }),
      }),
    },
  ),
);

uploadPayloadInterfaces(
  builder.relayMutationField(
    'uploadProjectFiles',
    {
      description: 'The files to upload to a project.',
      inputFields: (t) => ({
        projectId: t.id({ required: true, description: 'Id of the project, as in `Project:1`.' }),
        ...uploadFields(t),
      }),
    },
    {
      description: `Uploads files to a project. ${promise}`,
      resolve: (_root, { input }, context) =>
        upload(context, input, { type: 'Project', id: idOf('Project', input.projectId) }),
    },
    {
      ...payload,
      outputFields: (t) => ({
        project: t.field({ type: ProjectNode, description: where, resolve: ({ on }) => (on as AttachableRef).id }),
      }),
    },
  ),
);

uploadPayloadInterfaces(
  builder.relayMutationField(
    'uploadCommentFiles',
    {
      description: 'The files to upload to a comment.',
      inputFields: (t) => ({
        commentId: t.id({ required: true, description: 'Id of the comment, as in `Comment:1`.' }),
        ...uploadFields(t),
      }),
    },
    {
      description: `Uploads files to a comment. ${promise}`,
      resolve: (_root, { input }, context) =>
        upload(context, input, { type: 'Comment', id: idOf('Comment', input.commentId) }),
    },
    {
      ...payload,
      outputFields: (t) => ({
        comment: t.field({ type: CommentNode, description: where, resolve: ({ on }) => (on as AttachableRef).id }),
      }),
    },
  ),
);

uploadPayloadInterfaces(
  builder.relayMutationField(
    'uploadEntityFiles',
    {
      description: 'The files to upload to a contact, an opportunity or a case.',
      inputFields: (t) => ({
        entityId: t.id({
          required: true,
          description: 'Id of the entity, as in `Contact:1`, `Opportunity:1` or `Case:1`.',
        }),
        ...uploadFields(t),
      }),
    },
    {
      description: `Uploads files to a contact, an opportunity or a case. ${promise}`,
      resolve: (_root, { input }, context) => upload(context, input, attachableOf(input.entityId, entityTypes)),
    },
    {
      ...payload,
      outputFields: (t) => ({
        entity: t.field({
          type: EntityInterface,
          description: where,
          resolve: async ({ on }, _args, context) => (await loadAttachable(context, on as AttachableRef)).row as Entity,
        }),
      }),
    },
  ),
);

uploadPayloadInterfaces(
  builder.relayMutationField(
    'uploadFiles',
    { description: 'The files to upload.', inputFields: (t) => uploadFields(t) },
    {
      description: `Uploads files that are attached to nothing yet. Only you and administrators see them until they are attached. ${promise}`,
      resolve: (_root, { input }, context) => upload(context, input),
    },
    { ...payload, outputFields: () => ({}) },
  ),
);

builder.relayMutationField(
  'createTaskFile',
  {
    description: 'A small file to create on a task, with its content in base64.',
    inputFields: (t) => ({
      taskId: t.id({ required: true, description: 'Id of the task, as in `Task:1`.' }),
      filename: t.string({ required: true, description: 'File name, with its extension.' }),
      blob: t.field({
        type: 'Base64',
        required: true,
        description:
          'Content in base64. PAYLOAD_TOO_LARGE over the MAX_INLINE_SIZE of the server, 10 MiB unless configured.',
      }),
      ...aboutFiles(t),
    }),
  },
  {
    description: 'Creates a small file on a task from base64. Prefer `uploadTaskFiles`, which takes files of any size.',
    resolve: async (_root, { input }, context) => {
      const on: AttachableRef = { type: 'Task', id: idOf('Task', input.taskId) };
      return { taskId: on.id, file: await uploadInline(context, input, on) };
    },
  },
  {
    description: 'The created file.',
    outputFields: (t) => ({
      file: t.field({ type: FileNode, description: 'The created file.', resolve: ({ file }) => file }),
      task: t.field({ type: TaskNode, description: where, resolve: ({ taskId }) => taskId }),
    }),
  },
);

builder.relayMutationField(
  'startUploadSession',
  {
    description: 'The upload session to open.',
    inputFields: (t) => ({
      sessionToken: t.string({
        description: 'A token of your choice, 1 to 200 characters. When omitted, the server generates one.',
      }),
    }),
  },
  {
    description:
      'Opens an upload session. Its files are announced together when it is finished, or when it ' +
      'was idle for the limit of the server. A session of yours that is open already stays open.',
    resolve: (_root, { input }, context) => startUploadSession(context, input.sessionToken ?? undefined),
  },
  {
    description: 'The upload session.',
    outputFields: (t) => ({
      sessionToken: t.string({
        description: 'Token of the session, for uploads and `finishUploadSession`. It works for you only.',
        resolve: ({ token }) => token,
      }),
    }),
  },
);

builder.relayMutationField(
  'finishUploadSession',
  {
    description: 'The upload session to finish.',
    inputFields: (t) => ({
      sessionToken: t.string({ required: true, description: 'Token of one of your open sessions.' }),
    }),
  },
  {
    description:
      'Finishes an upload session and announces its files. NOT_FOUND when the session does not exist or has ended.',
    resolve: async (_root, { input }, context) => finishUploadSession(context, input.sessionToken),
  },
  {
    description: 'The announced files.',
    outputFields: (t) => ({
      files: t.field({
        type: [FileNode],
        description: 'The files in the order of their uploads. A file that is attached several times is repeated.',
        resolve: (attachments) => attachments.map((attachment) => attachment.file.unwrap()),
      }),
    }),
  },
);
