import { deleteAttachable } from '../../attachments/delete-attachable.ts';
import { createCase, updateCase } from '../../workspace/entities.ts';
import { builder } from '../builder.ts';
import { encodeId, idOf } from '../ids.ts';
import { AttachableInterface, CaseNode, EntityInterface } from '../refs.ts';
import { title } from '../validators.ts';
import { sharingFields, sharingOf } from './entity-access.ts';

builder.objectType(CaseNode, {
  description: 'A matter that is followed until it is closed.',
  interfaces: [EntityInterface, AttachableInterface],
});

builder.relayMutationField(
  'createCase',
  {
    description: 'A new case.',
    inputFields: (t) => ({
      title: t.string({ required: true, validate: title, description: 'What it is called; 1 to 500 characters.' }),
      ...sharingFields(t),
    }),
  },
  {
    description: 'Creates a case.',
    resolve: async (_root, { input }, context) => ({
      case: await createCase(context, { title: input.title, ...sharingOf(input) }),
    }),
  },
  {
    description: 'The new case.',
    outputFields: (t) => ({
      case: t.field({
        type: CaseNode,
        description: 'As it was created.',
        resolve: (payload) => payload.case,
      }),
    }),
  },
);

builder.relayMutationField(
  'updateCase',
  {
    description: 'What to change of a case. What is left out stays as it is.',
    inputFields: (t) => ({
      caseId: t.id({ required: true, description: 'Which one, as in `Case:1`.' }),
      title: t.string({ validate: title, description: 'What it is called; 1 to 500 characters.' }),
      ...sharingFields(t),
    }),
  },
  {
    description: 'Changes a case that you may edit.',
    resolve: async (_root, { input }, context) => ({
      case: await updateCase(context, idOf('Case', input.caseId), {
        title: input.title ?? undefined,
        ...sharingOf(input),
      }),
    }),
  },
  {
    description: 'The changed case.',
    outputFields: (t) => ({
      case: t.field({
        type: CaseNode,
        description: 'As it is now.',
        resolve: (payload) => payload.case,
      }),
    }),
  },
);

builder.relayMutationField(
  'deleteCase',
  {
    description: 'Which case.',
    inputFields: (t) => ({ caseId: t.id({ required: true, description: 'As in `Case:1`.' }) }),
  },
  {
    description: 'Deletes a case that you created, with its history; its files that hang nowhere else are removed.',
    resolve: async (_root, { input }, context) => {
      const id = idOf('Case', input.caseId);
      await deleteAttachable(context, { type: 'Case', id });
      return { deletedId: encodeId('Case', id) };
    },
  },
  {
    description: 'What was deleted.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'The id that now leads nowhere; drop it from your cache.' }),
    }),
  },
);
