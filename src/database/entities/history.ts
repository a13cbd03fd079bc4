import { defineEntity, p } from '@mikro-orm/core';
import { Category } from './category.ts';
import { entityTypes } from './entity.ts';
import { File } from './file.ts';
import { User } from './user.ts';

const eventSchema = defineEntity({
  name: 'HistoryEvent',
  tableName: 'history_events',
  indexes: [{ properties: ['entityType', 'entityId', 'id'] }],
  properties: {
    id: p.integer().primary(),
    entityType: p.enum(entityTypes),
    entityId: p.integer(),
    content: p.text(),
    category: () => p.manyToOne(Category).ref().nullable().index(),
    createdBy: () => p.manyToOne(User).ref(),
    createdAt: p.datetime(3),
  },
});

/** An entry in the history of an entity. */
export class HistoryEvent extends eventSchema.class {}
eventSchema.setClass(HistoryEvent);

const fileSchema = defineEntity({
  name: 'HistoryEventFile',
  tableName: 'history_event_files',
  primaryKeys: ['event', 'file'],
  properties: {
    event: () => p.manyToOne(HistoryEvent).ref().primary().deleteRule('cascade'),
    file: () => p.manyToOne(File).ref().primary().index().deleteRule('cascade'),
  },
});

/** A file of a history event. */
export class HistoryEventFile extends fileSchema.class {}
fileSchema.setClass(HistoryEventFile);
