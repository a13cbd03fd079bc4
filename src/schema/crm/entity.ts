import type { EntityRef, EntityType } from '../../database/entities/index.ts';
import { type Entity, loadAttachable, refOf, typeOf } from '../../workspace/attachable.ts';
import { entityTypes, listEntities } from '../../workspace/entity-list.ts';
import { listHistory } from '../../workspace/history.ts';
import { builder } from '../builder.ts';
import { connect } from '../connection.ts';
import { attachableOf } from '../ids.ts';
import { AttachableInterface, EntityInterface, HistoryEventNode, UserNode } from '../refs.ts';
import { accessListOf, EntityAccessType, entityRightsOf } from './entity-access.ts';
import { HistoryEventConnection, HistoryEventEdge } from './history.ts';

/** What each type is. The compiler names a type that is missing. */
export const entityDescriptions: Record<EntityType, string> = {
  Contact: 'A `Contact`: a person or a company.',
  Opportunity: 'An `Opportunity`: a possible sale.',
  Case: 'A `Case`: a matter that the team follows until it is closed.',
};

const EntityTypeEnum = builder.enumType('EntityType', {
  description: 'Type of an entity.',
  values: Object.fromEntries(
    entityTypes.map((type) => [type.toUpperCase(), { value: type, description: entityDescriptions[type] }]),
  ) as { [Type in EntityType as Uppercase<Type>]: { value: Type; description: string } },
});

const entityRefOf = (entity: Entity) => refOf(entity) as EntityRef;

builder.interfaceType(EntityInterface, {
  description: 'A CRM entity: a contact, an opportunity or a case.',
  interfaces: [AttachableInterface, builder.nodeInterfaceRef()],
  resolveType: typeOf,
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The numeric part of `id`, as in `1`.' }),
    entityType: t.field({
      type: EntityTypeEnum,
      description: 'Type of the entity.',
      resolve: (entity) => typeOf(entity) as EntityType,
    }),
    title: t.string({
      description: 'Title of the entity; for a contact, its display name.',
      resolve: (entity) => ('displayName' in entity ? entity.displayName : entity.title),
    }),
    isPrivate: t.exposeBoolean('isPrivate', {
      description: 'Whether only the creator, administrators and users on the access list may see the entity.',
    }),
    accessList: t.field({
      type: [EntityAccessType],
      description: 'Access of single users, in addition to the access that all users have.',
      resolve: (entity, _args, context) => accessListOf(entityRefOf(entity), context),
    }),
    canEdit: t.boolean({
      description: 'Whether you may change the entity.',
      resolve: async (entity, _args, context) => (await entityRightsOf(entityRefOf(entity), context)).canEdit,
    }),
    canDelete: t.boolean({
      description: 'Whether you may delete the entity and set who may see it.',
      resolve: async (entity, _args, context) => (await entityRightsOf(entityRefOf(entity), context)).canManage,
    }),
    history: t.connection(
      {
        type: HistoryEventNode,
        description: 'History of the entity, newest first.',
        resolve: (entity, args, context) =>
          connect(context, listHistory(context, entityRefOf(entity)), args, (event) => event.id),
      },
      HistoryEventConnection,
      HistoryEventEdge,
    ),
    createdBy: t.field({
      type: UserNode,
      description: 'The user who created the entity.',
      resolve: (entity) => entity.createdBy.id,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of creation.' }),
  }),
});

const EntityFilterInput = builder.inputType('EntityFilter', {
  description: 'Conditions on entities. An entity has to meet all that are given.',
  fields: (t) => ({
    titleContains: t.string({
      description: 'Text that the title, or the display name of a contact, contains, ignoring case.',
    }),
  }),
});

builder.queryFields((t) => ({
  entity: t.field({
    type: EntityInterface,
    nullable: true,
    description: 'Returns a contact, an opportunity or a case. NOT_FOUND when it does not exist or you may not see it.',
    args: { id: t.arg.id({ required: true, description: 'Id of the entity, as in `Contact:1`.' }) },
    resolve: async (_root, args, context) =>
      (await loadAttachable(context, attachableOf(args.id, entityTypes))).row as Entity,
  }),
  entities: t.connection(
    {
      type: EntityInterface,
      description: 'All entities that you may see: contacts, then opportunities, then cases, oldest first.',
      args: {
        type: t.arg({ type: EntityTypeEnum, description: 'Return only entities of this type.' }),
        filter: t.arg({ type: EntityFilterInput, description: 'Conditions that the entities have to meet.' }),
      },
      resolve: (_root, { type, filter, ...args }, context) =>
        connect(
          context,
          listEntities(context, type ?? undefined, filter?.titleContains ?? undefined),
          args,
          entityRefOf,
        ),
    },
    { name: 'EntityConnection', description: 'A page of entities.' },
    { name: 'EntityEdge', description: 'An entity in a list.' },
  ),
}));
