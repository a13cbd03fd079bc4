import { deleteAttachable } from '../../attachments/delete-attachable.ts';
import { createOpportunity, updateOpportunity } from '../../workspace/entities.ts';
import { builder } from '../builder.ts';
import { encodeId, idOf } from '../ids.ts';
import { AttachableInterface, EntityInterface, OpportunityNode } from '../refs.ts';
import { title } from '../validators.ts';
import { sharingFields, sharingOf } from './entity-access.ts';

builder.objectType(OpportunityNode, {
  description: 'An opportunity: a possible sale.',
  interfaces: [EntityInterface, AttachableInterface],
});

builder.relayMutationField(
  'createOpportunity',
  {
    description: 'The opportunity to create.',
    inputFields: (t) => ({
      title: t.string({
        required: true,
        validate: title,
        description: 'Title of the opportunity, 1 to 500 characters.',
      }),
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
    description: 'The created opportunity.',
    outputFields: (t) => ({
      opportunity: t.field({
        type: OpportunityNode,
        description: 'The created opportunity.',
        resolve: (payload) => payload.opportunity,
      }),
    }),
  },
);

builder.relayMutationField(
  'updateOpportunity',
  {
    description: 'Changes to an opportunity. Omitted fields keep their values.',
    inputFields: (t) => ({
      opportunityId: t.id({ required: true, description: 'Id of the opportunity, as in `Opportunity:1`.' }),
      title: t.string({ validate: title, description: 'Title of the opportunity, 1 to 500 characters.' }),
      ...sharingFields(t),
    }),
  },
  {
    description: 'Changes an opportunity. FORBIDDEN when you may see it but not edit it.',
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
        description: 'The opportunity after the change.',
        resolve: (payload) => payload.opportunity,
      }),
    }),
  },
);

builder.relayMutationField(
  'deleteOpportunity',
  {
    description: 'The opportunity to delete.',
    inputFields: (t) => ({
      opportunityId: t.id({ required: true, description: 'Id of the opportunity, as in `Opportunity:1`.' }),
    }),
  },
  {
    description:
      'Deletes an opportunity and its history, and removes its files that are attached to nothing else. For its creator and administrators.',
    resolve: async (_root, { input }, context) => {
      const id = idOf('Opportunity', input.opportunityId);
      await deleteAttachable(context, { type: 'Opportunity', id });
      return { deletedId: encodeId('Opportunity', id) };
    },
  },
  {
    description: 'The deleted opportunity.',
    outputFields: (t) => ({
      deletedId: t.exposeID('deletedId', { description: 'Id of the deleted opportunity, to drop from your cache.' }),
    }),
  },
);
