import { z } from 'zod';
import type { Context } from '../../context.ts';
import { createProject, updateProject } from '../../workspace/projects.ts';
import { builder } from '../builder.ts';
import { deleteMutation } from '../delete-mutation.ts';
import { uploadPayloadInterfaces } from '../files/files-payload.ts';
import { idOf } from '../ids.ts';
import { ProjectNode } from '../refs.ts';
import { createWithParts, filesAlong } from '../uploads/upload.ts';
import { longText, title } from '../validators.ts';
import { ProjectEdge, projectEdgeOf } from './project.ts';

const count = z.int('must be a whole number').min(0, 'must not be negative');

uploadPayloadInterfaces(
  builder.relayMutationField(
    'createProject',
    {
      description: 'A new project.',
      inputFields: (t) => ({
        title: t.string({ required: true, validate: title, description: 'What it is called; 1 to 500 characters.' }),
        description: t.string({ defaultValue: '', validate: longText, description: 'What it is about.' }),
        ...filesAlong(t),
      }),
    },
    {
      description: 'Creates a project. You become its owner.',
      resolve: (_root, { input }, context) => {
        const fields = { title: input.title, description: input.description ?? '' };
        const create = (ctx: Context) => createProject(ctx, fields);
        return createWithParts(context, { ...input, request: ['createProject', fields], create });
      },
    },
    {
      description: 'The new project.',
      outputFields: (t) => ({
        project: t.field({ type: ProjectNode, description: 'As it was created.', resolve: ({ row }) => row }),
        projectEdge: t.field({
          type: ProjectEdge,
          description: 'The same as an edge of the list of projects, so that a cache can append it.',
          resolve: ({ row }) => projectEdgeOf(row),
        }),
      }),
    },
  ),
);

builder.relayMutationField(
  'updateProject',
  {
    description: 'What to change of a project. What is left out stays as it is.',
    inputFields: (t) => ({
      projectId: t.id({ required: true, description: 'Which one, as in `Project:1`.' }),
      title: t.string({ validate: title, description: 'What it is called; 1 to 500 characters.' }),
      description: t.string({ validate: longText, description: 'What it is about; null for nothing.' }),
      maxBytes: t.field({
        type: 'ByteSize',
        validate: count,
        description: 'How much its files may come to; null for the limit of every project. For administrators.',
      }),
      maxFiles: t.int({
        validate: count,
        description: 'How many files may hang on it; null for the limit of every project. For administrators.',
      }),
    }),
  },
  {
    description: 'Changes a project that you own. What it holds already stays, even above a new limit.',
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
      project: t.field({ type: ProjectNode, description: 'As it is now.', resolve: ({ project }) => project }),
    }),
  },
);

deleteMutation(
  'Project',
  'Deletes a project that you own, with its tasks and their comments. Their files that are attached to nothing else are removed.',
);
