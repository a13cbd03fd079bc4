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
    description: 'The files to detach.',
    inputFields: (t) => ({
      from: t.id({ required: true, description: 'Id of the attachable to detach them from, as in `Task:1`.' }),
      fileIds: t.idList(fileIds),
    }),
  },
  {
    description:
      'Detaches files from an attachable: all of them, or none and an error that names every invalid id. ' +
      'The files remain stored, and attached to everything else.',
    resolve: async (_root, { input }, context) => {
      const from = attachableOf(input.from);
      return { from, files: await detachFiles(context, from, idsOf(input.fileIds)) };
    },
  },
  {
    description: 'The detached files.',
    outputFields: (t) => ({
      from: t.field({
        type: AttachableInterface,
        description: 'The attachable that the files were detached from.',
        resolve: ({ from }, _args, context) => rowOf(context, from),
      }),
      detachedFileIds: t.idList({
        description: 'Ids of the detached files, to drop from your cache of the list.',
        resolve: ({ files }) => files.map((file) => `File:${file.id}`),
      }),
      filesCount: t.int({
        description: 'Number of files that are still attached to `from` and that you may see.',
        resolve: ({ from }, _args, context) => countFiles(context, from),
      }),
    }),
  },
);

answersFiles(
  builder.relayMutationField(
    'moveFiles',
    {
      description: 'The files to move.',
      inputFields: (t) => ({
        from: t.id({ required: true, description: 'Id of the attachable to detach them from, as in `Task:1`.' }),
        to: t.id({ required: true, description: 'Id of the attachable to attach them to, as in `Contact:1`.' }),
        fileIds: t.idList(fileIds),
      }),
    },
    {
      description:
        'Detaches files from one attachable and attaches them to another in one transaction: all of them, or ' +
        'none.',
      resolve: async (_root, { input }, context) => {
        const on = attachableOf(input.to);
        return { ...(await moveFiles(context, attachableOf(input.from), on, idsOf(input.fileIds))), on };
      },
    },
    {
      description: 'The moved files.',
      outputFields: (t) => ({
        to: t.field({
          type: AttachableInterface,
          description: 'The attachable that the files are attached to.',
          resolve: ({ on }, _args, context) => rowOf(context, on),
        }),
      }),
    },
  ),
);
