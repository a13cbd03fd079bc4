import { defineEntity, p } from '@mikro-orm/core';
import { Category } from './category.ts';
import { Contact, type EntityType } from './entity.ts';
import { Project } from './project.ts';
import { User } from './user.ts';

export const taskPriorities = ['LOW', 'NORMAL', 'HIGH'] as const;
export type TaskPriority = (typeof taskPriorities)[number];

/** The types of entities that a task can be about. */
export const taskSubjectTypes = ['Opportunity', 'Case'] as const satisfies readonly EntityType[];
export type TaskSubjectType = (typeof taskSubjectTypes)[number];

const taskSchema = defineEntity({
  name: 'Task',
  tableName: 'tasks',
  // The tasks of a project are listed in their order.
  indexes: [{ properties: ['project', 'id'] }],
  properties: {
    id: p.integer().primary(),
    project: () => p.manyToOne(Project).ref().index(),
    title: p.string(),
    /** The title in lower case, to be searched in. */
    titleKey: p.string(),
    description: p.text(),
    deadline: p.datetime(3).nullable(),
    /** Minutes before the deadline at which to remind; 0 for never. */
    alertValue: p.integer().default(0),
    isClosed: p.boolean().default(false),
    priority: p.enum(taskPriorities).default('NORMAL'),
    category: () => p.manyToOne(Category).ref().nullable().index(),
    contact: () => p.manyToOne(Contact).ref().nullable().index(),
    /** The opportunity or case that it is about. */
    entityType: p.enum(taskSubjectTypes).nullable(),
    entityId: p.integer().nullable(),
    createdBy: () => p.manyToOne(User).ref(),
    createdAt: p.datetime(3),
    responsibles: () => p.oneToMany(TaskResponsible).mappedBy('task'),
  },
});

/** A task of a project. */
export class Task extends taskSchema.class {}
taskSchema.setClass(Task);

const responsibleSchema = defineEntity({
  name: 'TaskResponsible',
  tableName: 'task_responsibles',
  primaryKeys: ['task', 'user'],
  properties: {
    task: () => p.manyToOne(Task).ref().primary().deleteRule('cascade'),
    user: () => p.manyToOne(User).ref().primary().index(),
    /** The first is the assignee. */
    place: p.integer(),
  },
});

/** A user who is responsible for a task. */
export class TaskResponsible extends responsibleSchema.class {}
responsibleSchema.setClass(TaskResponsible);

const commentSchema = defineEntity({
  name: 'Comment',
  tableName: 'comments',
  properties: {
    id: p.integer().primary(),
    task: () => p.manyToOne(Task).ref().index(),
    body: p.text(),
    createdBy: () => p.manyToOne(User).ref(),
    createdAt: p.datetime(3),
  },
});

/** A comment on a task. */
export class Comment extends commentSchema.class {}
commentSchema.setClass(Comment);
