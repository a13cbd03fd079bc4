import type { AttachableRef } from '../../database/entities/index.ts';
import { finishUploadSession, startUploadSession } from '../../uploads/upload-session.ts';
import { type Entity, entityTypes, loadAttachable } from '../../workspace/attachable.ts';
import { builder } from '../builder.ts';
import { uploadPayloadInterfaces } from '../files/files-payload.ts';
import { attachableOf, idOf } from '../ids.ts';
import { CommentNode, EntityInterface, FileNode, ProjectNode, TaskNode } from '../refs.ts';
import { aboutFiles, upload, uploadFields, uploadInline } from './upload.ts';

const promise =
  'Each file is stored or fails by itself; when the answer comes, those stored are safe from a power cut. ' +
  'With `parentId` they become the next versions of that file.';
const payload = { description: 'What became of the files.' };
const where = 'Where they hang.';

uploadPayloadInterfaces(
  builder.relayMutationField(
    'uploadTaskFiles',
    {
      description: 'Files for a task.',
      inputFields: (t) => ({ taskId: t.id({ required: true, description: 'As in `Task:1`.' }), ...uploadFields(t) }),
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
      description: 'Files for a project.',
      inputFields: (t) => ({
        projectId: t.id({ required: true, description: 'As in `Project:1`.' }),
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
      description: 'Files for a comment.',
      inputFields: (t) => ({
        commentId: t.id({ required: true, description: 'As in `Comment:1`.' }),
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
      description: 'Files for a contact, an opportunity or a case.',
      inputFields: (t) => ({
        entityId: t.id({ required: true, description: 'As in `Contact:1`, `Opportunity:1` or `Case:1`.' }),
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
    { description: 'Files for later.', inputFields: (t) => uploadFields(t) },
    {
      description: `Stores files that hang on nothing yet; attach them later by their ids. Until then only you see them. ${promise}`,
      resolve: (_root, { input }, context) => upload(context, input),
    },
    { ...payload, outputFields: () => ({}) },
  ),
);

builder.relayMutationField(
  'createTaskFile',
  {
    description: 'A small file for a task, written in the query.',
    inputFields: (t) => ({
      taskId: t.id({ required: true, description: 'As in `Task:1`.' }),
      filename: t.string({ required: true, description: 'What it is called, with its extension.' }),
      blob: t.field({
        type: 'Base64',
        required: true,
        description: 'Its content; at most MAX_INLINE_SIZE, 10 MiB unless the server says otherwise.',
      }),
      ...aboutFiles(t),
    }),
  },
  {
    description: 'Stores one small file that comes as base64. Prefer `uploadTaskFiles`, which takes any size.',
    resolve: async (_root, { input }, context) => {
      const on: AttachableRef = { type: 'Task', id: idOf('Task', input.taskId) };
      return { taskId: on.id, file: await uploadInline(context, input, on) };
    },
  },
  {
    description: 'The stored file.',
    outputFields: (t) => ({
      file: t.field({ type: FileNode, description: 'As it was stored.', resolve: ({ file }) => file }),
      task: t.field({ type: TaskNode, description: where, resolve: ({ taskId }) => taskId }),
    }),
  },
);

builder.relayMutationField(
  'startUploadSession',
  {
    description: 'How to call the session.',
    inputFields: (t) => ({
      sessionToken: t.string({
        description: 'A token of your own making, 1 to 200 characters; one is made unless given.',
      }),
    }),
  },
  {
    description:
      'Opens an upload session. Uploads that carry its token are announced together, when it is finished or has been ' +
      'idle for its limit. One of yours that is open already stays open.',
    resolve: (_root, { input }, context) => startUploadSession(context, input.sessionToken ?? undefined),
  },
  {
    description: 'The session.',
    outputFields: (t) => ({
      sessionToken: t.string({
        description: 'Give it to uploads, and to `finishUploadSession`. It is yours alone.',
        resolve: ({ token }) => token,
      }),
    }),
  },
);

builder.relayMutationField(
  'finishUploadSession',
  {
    description: 'Which session.',
    inputFields: (t) => ({ sessionToken: t.string({ required: true, description: 'One of yours.' }) }),
  },
  {
    description:
      'Ends an upload session: what was uploaded in it is announced now. NOT_FOUND when it has ended already.',
    resolve: async (_root, { input }, context) => finishUploadSession(context, input.sessionToken),
  },
  {
    description: 'What was announced.',
    outputFields: (t) => ({
      files: t.field({
        type: [FileNode],
        description: 'In the order in which they were uploaded; one that hangs on several things comes several times.',
        resolve: (attachments) => attachments.map((attachment) => attachment.file.unwrap()),
      }),
    }),
  },
);
