import { removeAllFiles, removeFile } from '../../attachments/remove-files.ts';
import { updateFile } from '../../attachments/update-file.ts';
import { builder } from '../builder.ts';
import { encodeId, idOf } from '../ids.ts';
import { FileNode, TaskNode } from '../refs.ts';
import { FileStatusEnum } from './file-enums.ts';

const fileId = { required: true, description: 'Id of the file, as in `File:1`.' } as const;
const gone = 'Ids of all removed versions, to drop from your cache.';
const asIds = (ids: readonly number[]) => ids.map((id) => encodeId('File', id));

builder.relayMutationField(
  'updateFile',
  {
    description: 'Changes to a version of a file. Omitted fields keep their values.',
    inputFields: (t) => ({
      fileId: t.id(fileId),
      name: t.string({
        description:
          'New file name, with its extension. UNSUPPORTED_MEDIA_TYPE when the server does not accept the ' +
          'extension.',
      }),
      status: t.field({
        type: FileStatusEnum,
        description: 'New review status; null removes the status.',
      }),
      available: t.boolean({
        description: 'Whether all users who may see what the file is attached to may see the file.',
      }),
    }),
  },
  {
    description:
      'Changes one version of a file. `name` and `available` may be changed by users who may edit the ' +
      'attachable that the file belongs to, and by the uploader while the uploader may see it; `status` ' +
      'only by users who may edit it.',
    resolve: async (_root, { input }, context) => ({
      file: await updateFile(context, idOf('File', input.fileId), {
        name: input.name ?? undefined,
        status: input.status,
        available: input.available ?? undefined,
      }),
    }),
  },
  {
    description: 'The changed file.',
    outputFields: (t) => ({
      file: t.field({ type: FileNode, description: 'The file after the change.', resolve: ({ file }) => file }),
    }),
  },
);

builder.relayMutationField(
  'removeFile',
  {
    description: 'The file to remove.',
    inputFields: (t) => ({
      fileId: t.id(fileId),
      onlyThisVersion: t.boolean({
        defaultValue: false,
        description: 'Removes only this version. If it was the newest, the version before it becomes the newest.',
      }),
    }),
  },
  {
    description:
      'Removes a file with all its versions and its content from everything that it is attached to. ' +
      'Downloads in progress complete. FORBIDDEN when you may see the file but not remove it.',
    resolve: async (_root, { input }, context) => {
      const id = idOf('File', input.fileId);
      const removed = await removeFile(context, id, { onlyThisVersion: input.onlyThisVersion ?? false });
      return { id, removed };
    },
  },
  {
    description: 'The removed versions.',
    outputFields: (t) => ({
      removedFileId: t.id({
        description: 'Id of the file to remove, as it was given, to drop from your cache.',
        resolve: ({ id }) => encodeId('File', id),
      }),
      removedFileIds: t.idList({ description: gone, resolve: ({ removed }) => asIds(removed) }),
    }),
  },
);

builder.relayMutationField(
  'removeAllTaskFiles',
  {
    description: 'The task whose files to remove.',
    inputFields: (t) => ({ taskId: t.id({ required: true, description: 'Id of the task, as in `Task:1`.' }) }),
  },
  {
    description:
      'Detaches all files from a task, and removes those that belonged to the task and are attached to ' +
      'nothing else.',
    resolve: async (_root, { input }, context) => {
      const id = idOf('Task', input.taskId);
      return { id, removed: await removeAllFiles(context, { type: 'Task', id }) };
    },
  },
  {
    description: 'The removed files.',
    outputFields: (t) => ({
      task: t.field({
        type: TaskNode,
        description: 'The task that the files were attached to.',
        resolve: ({ id }) => id,
      }),
      removedFileIds: t.idList({ description: gone, resolve: ({ removed }) => asIds(removed) }),
    }),
  },
);
