import { deleteAttachable } from '../../attachments/delete-attachable.ts';
import { createOpportunity, updateOpportunity } from '../../workspace/entities.ts';
import { builder } from '../builder.ts';
import { encodeId, idOf } from '../ids.ts';
import { AttachableInterface, EntityInterface, OpportunityNode } from '../refs.ts';
import { title } from '../validators.ts';
import { sharingFields, sharingOf } from './entity-access.ts';

builder.objectType(OpportunityNode, {
  description: 'A sale that may come about.',
  interfaces: [EntityInterface, AttachableInterface],
});

builder.relayMutationField(
  'createOpportunity',
  {
    description: 'A new opportunity.',
    inputFields: (t) => ({
      title: t.string({ required: true, validate: title, description: 'What it is called; 1 to 500 characters.' }),
      ...sharingFields(t),
    }),
  },
  {
    description: 'Creates an opportunity.',
    resolve: async (_root, { input }, context) => ({
      opportunity: await createOpportunity(context, { title: input.title, ...sharingOf(input) }),
    }),
  },
  {
    description: 'The new opportunity.',
    outputFields: (t) => ({
      opportunity: t.field({
        type: OpportunityNode,
        description: 'As it was created.',
        resolve: (payload) => payload.opportunity,
      }),
    }),
  },
);

builder.relayMutationField(
  'updateOpportunity',
  {
    description: 'What to change of an opportunity. What is left out stays as it is.',
    inputFields: (t) => ({
      opportunityId: t.id({ required: true, description: 'Which one, as in `Opportunity:1`.' }),
      title: t.string({ validate: title, description: 'What it is called; 1 to 500 characters.' }),
      ...sharingFields(t),
    }),
  },
  {
    description: 'Changes an opportunity that you may edit.',
    resolve: async (_root, { input }, context) => ({
      opportunity: await updateOpportunity(context, idOf('Opportunity', input.opportunityId), {
        title: input.title ?? undefined,
        ...sharingOf(input),
      }),
    }),
  },
  {
    description: 'The changed opportunity.',
    outputFields: (t) => ({
      opportunity: t.field({
        type: OpportunityNode,
        description: 'As it is now.',
        resolve: (payload) => payload.opportunity,
      }),
    }),
  },
);

builder.relayMutationField(
  'deleteOpportunity',
  {
    description: 'Which opportunity.',
    inputFields: (t) => ({ opportunityId: t.id({ required: true, description: 'As in `Opportunity:1`.' }) }),
  },
  {
    description:
      'Deletes an opportunity that you created, with its history; its files that hang nowhere else are removed.',
    resolve: async (_root, { input }, context) => {
      const id = idOf('Opportunity', input.opportunityId);
      await deleteAttachable(context, { type: 'Opportunity', id });
      return { deletedId: encodeId('Opportunity', id) };
    },
  },
  {
    description: 'What was deleted.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'The id that now leads nowhere; drop it from your cache.' }),
    }),
  },
);
