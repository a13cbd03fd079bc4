import type { AttachableRef } from '../../database/entities/index.ts';
import { finishUploadSession, startUploadSession } from '../../uploads/upload-session.ts';
import { builder } from '../builder.ts';
import { type AttachTarget, entityTarget, targetsInProjects } from '../files/attach-target.ts';
import { uploadPayloadInterfaces } from '../files/files-payload.ts';
import { idOf } from '../ids.ts';
import { FileNode, TaskNode } from '../refs.ts';
import { aboutFiles, upload, uploadFields, uploadInline } from './upload.ts';

const guarantees =
  'Each file is stored or fails independently. Stored files are durable when the ' +
  'response arrives. With `parentId`, they become the next versions of that file.';
const payload = { description: 'The stored files, and the errors of the others.' };

/** Adds the mutation that uploads files to the target, as `uploadTaskFiles` does. */
function uploadMutation({ name, field, noun, idField, refOf, node, load }: AttachTarget): void {
  uploadPayloadInterfaces(
    builder.relayMutationField(
      `upload${name}Files`,
      {
        description: `The files to upload to ${noun}.`,
        inputFields: (t) => ({ [`${field}Id`]: idField(t), ...uploadFields(t) }),
      },
      {
        description: `Uploads files to ${noun}. ${guarantees}`,
        resolve: (_root, { input }, context) => upload(context, input, refOf(input)),
      },
      {
        ...payload,
        outputFields: (t) => ({
          [field]: t.field({
            type: node,
            description: `The ${field} that the files are attached to.`,
            resolve: ({ on }, _args, context) => load(on as AttachableRef, context),
          }),
        }),
      },
    ),
  );
}

for (const target of [...targetsInProjects, entityTarget]) uploadMutation(target);

uploadPayloadInterfaces(
  builder.relayMutationField(
    'uploadFiles',
    { description: 'Files to upload without attaching them.', inputFields: (t) => uploadFields(t) },
    {
      description: `Uploads files that are attached to nothing yet. Attach them later by their ids; until then, only you and administrators see them. ${guarantees}`,
      resolve: (_root, { input }, context) => upload(context, input),
    },
    { ...payload, outputFields: () => ({}) },
  ),
);

builder.relayMutationField(
  'createTaskFile',
  {
    description: 'A small file to upload to a task.',
    inputFields: (t) => ({
      taskId: t.id({ required: true, description: 'Id of the task, as in `Task:1`.' }),
      filename: t.string({
        required: true,
        description: 'File name with its extension, as in `plan.pdf`.',
      }),
      blob: t.field({
        type: 'Base64',
        required: true,
        description:
          'The content in base64. The decoded content has at most `MAX_INLINE_SIZE` bytes, by default 10 MiB; more is PAYLOAD_TOO_LARGE.',
      }),
      ...aboutFiles(t),
    }),
  },
  {
    description: 'Uploads one small file to a task as base64. For larger files, use `uploadTaskFiles`.',
    resolve: async (_root, { input }, context) => {
      const on: AttachableRef = { type: 'Task', id: idOf('Task', input.taskId) };
      return { taskId: on.id, file: await uploadInline(context, input, on) };
    },
  },
  {
    description: 'The file that was stored.',
    outputFields: (t) => ({
      file: t.field({ type: FileNode, description: 'The new file.', resolve: ({ file }) => file }),
      task: t.field({
        type: TaskNode,
        description: 'The task that the file is attached to.',
        resolve: ({ taskId }) => taskId,
      }),
    }),
  },
);

builder.relayMutationField(
  'startUploadSession',
  {
    description: 'The session to start.',
    inputFields: (t) => ({
      sessionToken: t.string({
        description: 'A token that you choose, 1 to 200 characters. By default, the server generates one.',
      }),
    }),
  },
  {
    description:
      'Starts an upload session. Files that are uploaded with its token are announced together: when the session is ' +
      'finished, or when it has been idle for the time limit of the server. If a session of yours with this token is ' +
      'open, it stays open.',
    resolve: (_root, { input }, context) => startUploadSession(context, input.sessionToken ?? undefined),
  },
  {
    description: 'The session that was started.',
    outputFields: (t) => ({
      sessionToken: t.string({
        description: 'The token for `sessionToken` of uploads and for `finishUploadSession`. Only you can use it.',
        resolve: ({ token }) => token,
      }),
    }),
  },
);

builder.relayMutationField(
  'finishUploadSession',
  {
    description: 'The session to finish.',
    inputFields: (t) => ({
      sessionToken: t.string({ required: true, description: 'The token of a session of yours.' }),
    }),
  },
  {
    description:
      'Finishes an upload session and announces the files that were uploaded in it. NOT_FOUND when it has ended already.',
    resolve: async (_root, { input }, context) => finishUploadSession(context, input.sessionToken),
  },
  {
    description: 'The files that were announced.',
    outputFields: (t) => ({
      files: t.field({
        type: [FileNode],
        description:
          'The files in the order of their upload. A file that is attached to several things is listed once for each.',
        resolve: (attachments) => attachments.map((attachment) => attachment.file.unwrap()),
      }),
    }),
  },
);
