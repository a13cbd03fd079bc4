import { Contact, type EntityType, entityTypes } from '../database/entities/index.ts';
import { type Entity, reachOne, refOf, typeOf } from '../workspace/attachable.ts';
import { createCase, createContact, createOpportunity, entities } from '../workspace/entities.ts';
import { builder } from './builder.ts';
import { connect } from './connection.ts';
import { attachableOf } from './ids.ts';
import { AttachableInterface, CaseNode, ContactNode, EntityInterface, OpportunityNode, UserNode } from './refs.ts';
import { title } from './text.ts';

const EntityTypeEnum = builder.enumType('EntityType', {
  description: 'The kinds of entities.',
  values: {
    CONTACT: { value: 'Contact' as EntityType, description: 'A person or a company.' },
    OPPORTUNITY: { value: 'Opportunity' as EntityType, description: 'A sale that may come about.' },
    CASE: { value: 'Case' as EntityType, description: 'A matter that is followed until it is closed.' },
  },
});

builder.interfaceType(EntityInterface, {
  description: 'What the team keeps of the people that it deals with.',
  interfaces: [AttachableInterface, builder.nodeInterfaceRef()],
  resolveType: typeOf,
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    entityType: t.field({
      type: EntityTypeEnum,
      description: 'Which kind it is.',
      resolve: (entity) => typeOf(entity) as EntityType,
    }),
    title: t.string({
      description: 'What it is called; of a contact, its display name.',
      resolve: (entity) => (entity instanceof Contact ? entity.displayName : entity.title),
    }),
    createdBy: t.field({ type: UserNode, description: 'Who created it.', resolve: (entity) => entity.createdBy.id }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

builder.objectType(ContactNode, {
  description: 'A person or a company that the team deals with.',
  interfaces: [EntityInterface, AttachableInterface],
  fields: (t) => ({
    displayName: t.exposeString('displayName', { description: 'What it is called.' }),
    isCompany: t.exposeBoolean('isCompany', { description: 'A company, rather than a person.' }),
  }),
});

builder.objectType(OpportunityNode, {
  description: 'A sale that may come about.',
  interfaces: [EntityInterface, AttachableInterface],
});

builder.objectType(CaseNode, {
  description: 'A matter that is followed until it is closed.',
  interfaces: [EntityInterface, AttachableInterface],
});

builder.queryFields((t) => ({
  entity: t.field({
    type: EntityInterface,
    nullable: true,
    description:
      'A contact, an opportunity or a case by its id. NOT_FOUND when it does not exist or you may not see it.',
    args: { id: t.arg.id({ required: true, description: 'As in `Contact:1`.' }) },
    resolve: async (_root, args, context) =>
      (await reachOne(context, attachableOf(args.id, entityTypes))).row as Entity,
  }),
  entities: t.connection(
    {
      type: EntityInterface,
      description: 'Every contact, then every opportunity, then every case that you may see, oldest first.',
      args: { type: t.arg({ type: EntityTypeEnum, description: 'Only those of this kind.' }) },
      resolve: (_root, args, context) =>
        connect(
          entities(context, args.type ?? undefined),
          args,
          (entity) => refOf(entity) as { type: EntityType; id: number },
        ),
    },
    { name: 'EntityConnection', description: 'A page of entities.' },
    { name: 'EntityEdge', description: 'An entity in a list.' },
  ),
}));

builder.relayMutationField(
  'createContact',
  {
    description: 'A new contact.',
    inputFields: (t) => ({
      displayName: t.string({
        required: true,
        validate: title,
        description: 'What it is called; 1 to 500 characters.',
      }),
      isCompany: t.boolean({ defaultValue: false, description: 'A company, rather than a person.' }),
    }),
  },
  {
    description: 'Creates a contact.',
    resolve: async (_root, { input }, context) => ({
      contact: await createContact(context, { displayName: input.displayName, isCompany: input.isCompany ?? false }),
    }),
  },
  {
    description: 'The new contact.',
    outputFields: (t) => ({
      contact: t.field({ type: ContactNode, description: 'As it was created.', resolve: (payload) => payload.contact }),
    }),
  },
);

builder.relayMutationField(
  'createOpportunity',
  {
    description: 'A new opportunity.',
    inputFields: (t) => ({
      title: t.string({ required: true, validate: title, description: 'What it is called; 1 to 500 characters.' }),
    }),
  },
  {
    description: 'Creates an opportunity.',
    resolve: async (_root, { input }, context) => ({
      opportunity: await createOpportunity(context, { title: input.title }),
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
  'createCase',
  {
    description: 'A new case.',
    inputFields: (t) => ({
      title: t.string({ required: true, validate: title, description: 'What it is called; 1 to 500 characters.' }),
    }),
  },
  {
    description: 'Creates a case.',
    resolve: async (_root, { input }, context) => ({ case: await createCase(context, { title: input.title }) }),
  },
  {
    description: 'The new case.',
    outputFields: (t) => ({
      case: t.field({ type: CaseNode, description: 'As it was created.', resolve: (payload) => payload.case }),
    }),
  },
);
