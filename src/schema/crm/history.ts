import type { File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { findVisibleFiles } from '../../files/load-files.ts';
import type { Entity } from '../../workspace/attachable.ts';
import { entityOf, filesOfHistory } from '../../workspace/history.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import { CategoryNode, ContactNode, EntityInterface, FileNode, HistoryEventNode, UserNode } from '../refs.ts';
import { entityRightsOf } from './entity-access.ts';

/** The files of each event that the viewer may see; the others are left out. Many events at a time. */
const filesOf = batchLoader<number, Row<File>[]>(async (eventIds, context) => {
  const ids = await filesOfHistory(context, eventIds);
  const files = await findVisibleFiles(context, [...ids.values()].flat());
  return eventIds.map((eventId) => (ids.get(eventId) ?? []).flatMap((id) => files.get(id) ?? []));
});

builder.objectType(HistoryEventNode, {
  description: 'Something that was done with a contact, an opportunity or a case. Whoever sees that sees this.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    createdBy: t.field({ type: UserNode, description: 'Who did it.', resolve: (event) => event.createdBy.id }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was done.' }),
    content: t.exposeString('content', { description: 'What was said of it; empty when nobody said anything.' }),
    category: t.field({
      type: CategoryNode,
      nullable: true,
      description: 'What kind of event it is; null when nobody said.',
      resolve: (event) => event.category?.id,
    }),
    entity: t.field({
      type: EntityInterface,
      description: 'With what it was done.',
      resolve: async (event, _args, context) => (await entityRightsOf(entityOf(event), context)).row as Entity,
    }),
    contact: t.field({
      type: ContactNode,
      nullable: true,
      description: 'The same, when it is a contact; null on opportunities and cases.',
      resolve: (event) => (event.entityType === 'Contact' ? event.entityId : undefined),
    }),
    files: t.field({
      type: [FileNode],
      description: 'The files that were attached, in the versions of then: those that you may see.',
      resolve: (event, _args, context) => filesOf(event.id, context),
    }),
    canEdit: t.boolean({
      description: 'Whether you may change this entry: whether you may edit what it was done with.',
      resolve: async (event, _args, context) => (await entityRightsOf(entityOf(event), context)).canEdit,
    }),
  }),
});

export const HistoryEventEdge = builder.edgeObject({
  name: 'HistoryEventEdge',
  description: 'An event in a history.',
  type: HistoryEventNode,
});

export const HistoryEventConnection = builder.connectionObject(
  { name: 'HistoryEventConnection', description: 'A page of a history.', type: HistoryEventNode },
  HistoryEventEdge,
);
