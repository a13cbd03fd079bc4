import type { Contact, Task, TaskPriority } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import type { Entity } from '../../workspace/attachable.ts';
import { responsiblesOf, type TaskFilter, tasks } from '../../workspace/tasks.ts';
import { accessOf } from '../access-loader.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import { connect, toCursor } from '../connection.ts';
import { idOf } from '../ids.ts';
import {
  AttachableInterface,
  CategoryNode,
  ContactNode,
  EntityInterface,
  ProjectNode,
  TaskNode,
  UserNode,
} from '../refs.ts';

export const TaskPriorityEnum = builder.enumType('TaskPriority', {
  description: 'How much a task matters beside others.',
  values: {
    LOW: { description: 'It can wait.' },
    NORMAL: { description: 'Like most.' },
    HIGH: { description: 'Before others.' },
  } satisfies Record<TaskPriority, object>,
});

const responsibles = batchLoader<number, number[]>(async (ids, context) => {
  const found = await responsiblesOf(context, ids);
  return ids.map((id) => found.get(id) ?? []);
});

builder.objectType(TaskNode, {
  description: 'A piece of work in a project.',
  interfaces: [AttachableInterface],
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    title: t.exposeString('title', { description: 'What is to be done.' }),
    description: t.exposeString('description', { description: 'More about it; empty when nobody said.' }),
    deadline: t.expose('deadline', {
      type: 'DateTime',
      nullable: true,
      description: 'When it has to be done; null for no matter when.',
    }),
    alertValue: t.exposeInt('alertValue', {
      description:
        'How many minutes before the deadline to remind of it; 0 for not at all. Reminding is up to clients.',
    }),
    isClosed: t.exposeBoolean('isClosed', { description: 'Whether nothing is left to be done.' }),
    priority: t.expose('priority', { type: TaskPriorityEnum, description: 'How much it matters beside others.' }),
    responsible: t.field({
      type: UserNode,
      nullable: true,
      description: 'Who answers for it: the first of `responsibles`; null when there are none.',
      resolve: async (task, _args, context) => (await responsibles(task.id, context))[0],
    }),
    responsibles: t.field({
      type: [UserNode],
      description: 'Who has to do it; the first answers for it.',
      resolve: (task, _args, context) => responsibles(task.id, context),
    }),
    category: t.field({
      type: CategoryNode,
      nullable: true,
      description: 'What kind of task it is; null when nobody said.',
      resolve: (task) => task.category?.id,
    }),
    contact: t.field({
      type: ContactNode,
      nullable: true,
      description: 'Whom it concerns; null when nobody said, or when you may not see the contact.',
      resolve: async ({ contact }, _args, context) =>
        contact && ((await accessOf({ type: 'Contact', id: contact.id }, context))?.row as Row<Contact> | undefined),
    }),
    entity: t.field({
      type: EntityInterface,
      nullable: true,
      description: 'The opportunity or case that it is about; null when nobody said, or when you may not see that.',
      resolve: async ({ entityType, entityId }, _args, context) => {
        if (!entityType || !entityId) return null;
        return (await accessOf({ type: entityType, id: entityId }, context))?.row as Entity | undefined;
      },
    }),
    project: t.field({ type: ProjectNode, description: 'Where it belongs.', resolve: (task) => task.project.id }),
    createdBy: t.field({ type: UserNode, description: 'Who created it.', resolve: (task) => task.createdBy.id }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    canEdit: t.boolean({
      description: 'Whether you may change and delete it, and comment on it: if you may edit the project.',
      resolve: async ({ id }, _args, context) => (await accessOf({ type: 'Task', id }, context))?.canEdit ?? false,
    }),
  }),
});

export const TaskEdge = builder.edgeObject({ name: 'TaskEdge', description: 'A task in a list.', type: TaskNode });
export const TaskConnection = builder.connectionObject(
  { name: 'TaskConnection', description: 'A page of tasks.', type: TaskNode },
  TaskEdge,
);
export const taskEdgeOf = (task: Task) => ({ cursor: toCursor(task.id), node: task });

export const TaskFilterInput = builder.inputType('TaskFilter', {
  description: 'Which tasks. All that is given has to be true; what is not given does not matter.',
  fields: (t) => ({
    isClosed: t.boolean({ description: 'Only those with nothing left to do, or only the others.' }),
    responsibleId: t.id({ description: 'One of those who have to do it, as in `User:1`.' }),
    titleContains: t.string({ description: 'A part of the title, ignoring case.' }),
  }),
});

export function taskFilterOf(filter: typeof TaskFilterInput.$inferInput | null | undefined): TaskFilter {
  return {
    isClosed: filter?.isClosed ?? undefined,
    responsibleId: filter?.responsibleId == null ? undefined : idOf('User', filter.responsibleId),
    titleContains: filter?.titleContains ?? undefined,
  };
}

builder.queryFields((t) => ({
  task: t.field({
    type: TaskNode,
    nullable: true,
    description: 'A task by its id. NOT_FOUND when it does not exist or you may not see it.',
    args: { id: t.arg.id({ required: true, description: 'As in `Task:1`.' }) },
    resolve: (_root, args) => idOf('Task', args.id),
  }),
  tasks: t.connection(
    {
      type: TaskNode,
      description: 'Every task that you may see, oldest first.',
      args: {
        projectId: t.arg.id({ description: 'Only those of this project, as in `Project:1`.' }),
        filter: t.arg({ type: TaskFilterInput, description: 'Which of them.' }),
      },
      resolve: (_root, { projectId, filter, ...args }, context) => {
        const project = projectId == null ? undefined : idOf('Project', projectId);
        return connect(context, tasks(context, project, taskFilterOf(filter)), args, (task) => task.id);
      },
    },
    TaskConnection,
    TaskEdge,
  ),
}));
