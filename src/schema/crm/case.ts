import { deleteAttachable } from '../../attachments/delete-attachable.ts';
import { createCase, updateCase } from '../../workspace/entities.ts';
import { builder } from '../builder.ts';
import { encodeId, idOf } from '../ids.ts';
import { AttachableInterface, CaseNode, EntityInterface } from '../refs.ts';
import { title } from '../validators.ts';
import { sharingFields, sharingOf } from './entity-access.ts';

builder.objectType(CaseNode, {
  description: 'A case: a matter that the team follows until it is closed.',
  interfaces: [EntityInterface, AttachableInterface],
});

builder.relayMutationField(
  'createCase',
  {
    description: 'The case to create.',
    inputFields: (t) => ({
      title: t.string({ required: true, validate: title, description: 'Title of the case, 1 to 500 characters.' }),
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
    description: 'The created case.',
    outputFields: (t) => ({
      case: t.field({
        type: CaseNode,
        description: 'The created case.',
        resolve: (payload) => payload.case,
      }),
    }),
  },
);

builder.relayMutationField(
  'updateCase',
  {
    description: 'Changes to a case. Omitted fields keep their values.',
    inputFields: (t) => ({
      caseId: t.id({ required: true, description: 'Id of the case, as in `Case:1`.' }),
      title: t.string({ validate: title, description: 'Title of the case, 1 to 500 characters.' }),
      ...sharingFields(t),
    }),
  },
  {
    description: 'Changes a case. FORBIDDEN when you may see it but not edit it.',
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
        description: 'The case after the change.',
        resolve: (payload) => payload.case,
      }),
    }),
  },
);

builder.relayMutationField(
  'deleteCase',
  {
    description: 'The case to delete.',
    inputFields: (t) => ({ caseId: t.id({ required: true, description: 'Id of the case, as in `Case:1`.' }) }),
  },
  {
    description:
      'Deletes a case and its history, and removes its files that are attached to nothing else. For its creator and administrators.',
    resolve: async (_root, { input }, context) => {
      const id = idOf('Case', input.caseId);
      await deleteAttachable(context, { type: 'Case', id });
      return { deletedId: encodeId('Case', id) };
    },
  },
  {
    description: 'The deleted case.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'Id of the deleted case, to drop from your cache.' }),
    }),
  },
);
