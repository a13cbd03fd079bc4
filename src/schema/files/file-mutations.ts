import { removeAllFiles, removeFile } from '../../attachments/remove-files.ts';
import { updateFile } from '../../attachments/update-file.ts';
import { builder } from '../builder.ts';
import { encodeId, idOf } from '../ids.ts';
import { FileNode, TaskNode } from '../refs.ts';
import { FileStatusEnum } from './file.ts';

const fileId = { required: true, description: 'As in `File:1`.' } as const;
const gone = 'The ids that now lead nowhere; drop them from your cache.';
const asIds = (ids: readonly number[]) => ids.map((id) => encodeId('File', id));

builder.relayMutationField(
  'updateFile',
  {
    description: 'What to change of a file; what is not given stays.',
    inputFields: (t) => ({
      fileId: t.id(fileId),
      name: t.string({ description: 'What it is called from now on.' }),
      status: t.field({
        type: FileStatusEnum,
        description: 'Where it stands in its review; null takes it off the review.',
      }),
      available: t.boolean({ description: 'Whether everybody who sees where it hangs sees it.' }),
    }),
  },
  {
    description:
      'Changes one version of a file. Those who edit the place that it belongs to, and its uploader as long as that place is seen, give it a name and make it available; only the former review it.',
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
      file: t.field({ type: FileNode, description: 'As it is now.', resolve: ({ file }) => file }),
    }),
  },
);

builder.relayMutationField(
  'removeFile',
  {
    description: 'Which file.',
    inputFields: (t) => ({
      fileId: t.id(fileId),
      onlyThisVersion: t.boolean({
        defaultValue: false,
        description: 'Removes the one version; if it was the newest, the one before it takes its place.',
      }),
    }),
  },
  {
    description:
      'Removes a file with all its versions from everything it hangs on, and its content. Downloads under way end whole.',
    resolve: async (_root, { input }, context) => {
      const id = idOf('File', input.fileId);
      const removed = await removeFile(context, id, { onlyThisVersion: input.onlyThisVersion ?? false });
      return { id, removed };
    },
  },
  {
    description: 'What was removed.',
    outputFields: (t) => ({
      removedFileId: t.id({ description: 'The id that was given.', resolve: ({ id }) => encodeId('File', id) }),
      removedFileIds: t.idList({ description: gone, resolve: ({ removed }) => asIds(removed) }),
    }),
  },
);

builder.relayMutationField(
  'removeAllTaskFiles',
  {
    description: 'Which task.',
    inputFields: (t) => ({ taskId: t.id({ required: true, description: 'As in `Task:1`.' }) }),
  },
  {
    description: 'Takes every file off a task, and removes those that belonged to it and hang nowhere else.',
    resolve: async (_root, { input }, context) => {
      const id = idOf('Task', input.taskId);
      return { id, removed: await removeAllFiles(context, { type: 'Task', id }) };
    },
  },
  {
    description: 'What was removed.',
    outputFields: (t) => ({
      task: t.field({ type: TaskNode, description: 'What they hung on.', resolve: ({ id }) => id }),
      removedFileIds: t.idList({ description: gone, resolve: ({ removed }) => asIds(removed) }),
    }),
  },
);
