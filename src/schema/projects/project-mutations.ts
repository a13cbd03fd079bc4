import { z } from 'zod';
import type { RequestContext } from '../../context.ts';
import { createProject, updateProject } from '../../workspace/projects.ts';
import { builder } from '../builder.ts';
import { deleteMutation } from '../delete-mutation.ts';
import { uploadPayloadInterfaces } from '../files/files-payload.ts';
import { idOf } from '../ids.ts';
import { ProjectNode } from '../refs.ts';
import { attachedFilesFields, createWithParts } from '../uploads/upload.ts';
import { longText, title } from '../validators.ts';
import { ProjectEdge, projectEdgeOf } from './project.ts';

const count = z.int('must be a whole number').min(0, 'must not be negative');

uploadPayloadInterfaces(
  builder.relayMutationField(
    'createProject',
    {
      description: 'The project to create.',
      inputFields: (t) => ({
        title: t.string({ required: true, validate: title, description: 'Title of the project, 1 to 500 characters.' }),
        description: t.string({
          defaultValue: '',
          validate: longText,
          description: 'Description of the project, at most 100,000 characters.',
        }),
        ...attachedFilesFields(t),
      }),
    },
    {
      description: 'Creates a project. You become its owner.',
      resolve: (_root, { input }, context) => {
        const fields = { title: input.title, description: input.description ?? '' };
        const create = (ctx: RequestContext) => createProject(ctx, fields);
        return createWithParts(context, { ...input, request: ['createProject', fields], create });
      },
    },
    {
      description: 'The created project.',
      outputFields: (t) => ({
        project: t.field({ type: ProjectNode, description: 'The created project.', resolve: ({ row }) => row }),
        projectEdge: t.field({
          type: ProjectEdge,
          description: 'The same as an edge of the list of projects, so that a client can add it to its cache.',
          resolve: ({ row }) => projectEdgeOf(row),
        }),
      }),
    },
  ),
);

builder.relayMutationField(
  'updateProject',
  {
    description: 'Changes to a project. Omitted fields keep their values.',
    inputFields: (t) => ({
      projectId: t.id({ required: true, description: 'Id of the project, as in `Project:1`.' }),
      title: t.string({ validate: title, description: 'Title of the project, 1 to 500 characters.' }),
      description: t.string({
        validate: longText,
        description: 'Description of the project, at most 100,000 characters; null removes it.',
      }),
      maxBytes: t.field({
        type: 'ByteSize',
        validate: count,
        description:
          'Quota in bytes for all files of the project; null for the default of the server. For administrators.',
      }),
      maxFiles: t.int({
        validate: count,
        description: 'Quota in number of files of the project; null for the default of the server. For administrators.',
      }),
    }),
  },
  {
    description: 'Changes a project that you own. Stored files remain even when they exceed a new quota.',
    resolve: async (_root, { input }, context) => ({
      project: await updateProject(context, idOf('Project', input.projectId), {
        title: input.title ?? undefined,
        description: input.description === null ? '' : input.description,
        maxBytes: input.maxBytes,
        maxFiles: input.maxFiles,
      }),
    }),
  },
  {
    description: 'The changed project.',
    outputFields: (t) => ({
      project: t.field({
        type: ProjectNode,
        description: 'The project after the change.',
        resolve: ({ project }) => project,
      }),
    }),
  },
);

deleteMutation(
  'Project',
  'Deletes a project that you own, with its tasks and their comments. Their files that are attached to nothing else are removed.',
);
