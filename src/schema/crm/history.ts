import type { File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { findVisibleFiles } from '../../files/load-files.ts';
import type { Entity } from '../../workspace/attachable.ts';
import { entityOf, filesOfHistory } from '../../workspace/history.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import { CategoryNode, ContactNode, EntityInterface, FileNode, HistoryEventNode, UserNode } from '../refs.ts';
import { entityRightsOf } from './entity-access.ts';

/**
 * The files of each event that the viewer may see; the others are left out. Many events at a time.
 */
const filesOf = batchLoader<number, Row<File>[]>(async (eventIds, context) => {
  const ids = await filesOfHistory(context, eventIds);
  const files = await findVisibleFiles(context, [...ids.values()].flat());
  return eventIds.map((eventId) => (ids.get(eventId) ?? []).flatMap((id) => files.get(id) ?? []));
});

builder.objectType(HistoryEventNode, {
  description:
    'An event in the history of a contact, an opportunity or a case. Users who may see the entity may ' +
    'see its history.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The numeric part of `id`, as in `1`.' }),
    createdBy: t.field({
      type: UserNode,
      description: 'The user who caused the event.',
      resolve: (event) => event.createdBy.id,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of the event.' }),
    content: t.exposeString('content', { description: 'Text of the event; an empty string when it has none.' }),
    category: t.field({
      type: CategoryNode,
      nullable: true,
      description: 'Category of the event; null when it has none.',
      resolve: (event) => event.category?.id,
    }),
    entity: t.field({
      type: EntityInterface,
      description: 'The entity that the event belongs to.',
      resolve: async (event, _args, context) => (await entityRightsOf(entityOf(event), context)).row as Entity,
    }),
    contact: t.field({
      type: ContactNode,
      nullable: true,
      description: 'The same entity when it is a contact; null for an opportunity or a case.',
      resolve: (event) => (event.entityType === 'Contact' ? event.entityId : undefined),
    }),
    files: t.field({
      type: [FileNode],
      description: 'The attached files that you may see, in the versions that they had at the time of the event.',
      resolve: (event, _args, context) => filesOf(event.id, context),
    }),
    canEdit: t.boolean({
      description: 'Whether you may change this event, which is whether you may edit the entity.',
      resolve: async (event, _args, context) => (await entityRightsOf(entityOf(event), context)).canEdit,
    }),
  }),
});

export const HistoryEventEdge = builder.edgeObject({
  name: 'HistoryEventEdge',
  description: 'An event in the history of an entity.',
  type: HistoryEventNode,
});

export const HistoryEventConnection = builder.connectionObject(
  { name: 'HistoryEventConnection', description: 'A page of the history of an entity.', type: HistoryEventNode },
  HistoryEventEdge,
);
