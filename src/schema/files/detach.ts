import { detachFiles, moveFiles } from '../../attachments/detach-files.ts';
import { countFiles } from '../../files/list-files.ts';
import { builder } from '../builder.ts';
import { attachableOf } from '../ids.ts';
import { AttachableInterface } from '../refs.ts';
import { fileIds, idsOf, rowOf } from './attach.ts';
import { AttachedFiles, payloadInterfaces } from './files-payload.ts';

const answersFiles = payloadInterfaces(AttachedFiles);

builder.relayMutationField(
  'detachFiles',
  {
    description: 'Files that hang on something.',
    inputFields: (t) => ({
      from: t.id({ required: true, description: 'What they hang on, as in `Task:1`.' }),
      fileIds: t.idList(fileIds),
    }),
  },
  {
    description:
      'Takes files off something: all of them, or none and an error that names every bad id. They stay stored, and wherever else they hang.',
    resolve: async (_root, { input }, context) => {
      const from = attachableOf(input.from);
      return { from, files: await detachFiles(context, from, idsOf(input.fileIds)) };
    },
  },
  {
    description: 'What was detached.',
    outputFields: (t) => ({
      from: t.field({
        type: AttachableInterface,
        description: 'Where they no longer hang.',
        resolve: ({ from }, _args, context) => rowOf(context, from),
      }),
      detachedFileIds: t.idList({
        description: 'The ids to drop from the cache of that list.',
        resolve: ({ files }) => files.map((file) => `File:${file.id}`),
      }),
      filesCount: t.int({
        description: 'How many of the files that hang there now you may see.',
        resolve: ({ from }, _args, context) => countFiles(context, from),
      }),
    }),
  },
);

answersFiles(
  builder.relayMutationField(
    'moveFiles',
    {
      description: 'Files, and where they go.',
      inputFields: (t) => ({
        from: t.id({ required: true, description: 'What they hang on, as in `Task:1`.' }),
        to: t.id({ required: true, description: 'What they are to hang on, as in `Contact:1`.' }),
        fileIds: t.idList(fileIds),
      }),
    },
    {
      description: 'Detaches files from one thing and attaches them to another, as one: all of them, or none.',
      resolve: async (_root, { input }, context) => {
        const on = attachableOf(input.to);
        return { ...(await moveFiles(context, attachableOf(input.from), on, idsOf(input.fileIds))), on };
      },
    },
    {
      description: 'What hangs there now.',
      outputFields: (t) => ({
        to: t.field({
          type: AttachableInterface,
          description: 'Where they hang.',
          resolve: ({ on }, _args, context) => rowOf(context, on),
        }),
      }),
    },
  ),
);
