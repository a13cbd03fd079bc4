import type { Contact, Task, TaskPriority } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import type { Entity } from '../../workspace/attachable.ts';
import { listTasks, responsiblesOf, type TaskFilter } from '../../workspace/tasks.ts';
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
  description: 'Priority of a task.',
  values: {
    LOW: { description: 'Low priority.' },
    NORMAL: { description: 'Normal priority.' },
    HIGH: { description: 'High priority.' },
  } satisfies Record<TaskPriority, object>,
});

const responsibles = batchLoader<number, number[]>(async (ids, context) => {
  const found = await responsiblesOf(context, ids);
  return ids.map((id) => found.get(id) ?? []);
});

builder.objectType(TaskNode, {
  description: 'A task of a project.',
  interfaces: [AttachableInterface],
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The numeric part of `id`, as in `1`.' }),
    title: t.exposeString('title', { description: 'Title of the task.' }),
    description: t.exposeString('description', {
      description: 'Description of the task; an empty string when it has none.',
    }),
    deadline: t.expose('deadline', {
      type: 'DateTime',
      nullable: true,
      description: 'Time by which the task is due; null when it has no deadline.',
    }),
    alertValue: t.exposeInt('alertValue', {
      description:
        'Minutes before the deadline at which to remind; 0 for no reminder. Clients send reminders, not the ' +
        'server.',
    }),
    isClosed: t.exposeBoolean('isClosed', { description: 'Whether the task is completed.' }),
    priority: t.expose('priority', { type: TaskPriorityEnum, description: 'Priority of the task.' }),
    responsible: t.field({
      type: UserNode,
      nullable: true,
      description: 'The user who is mainly responsible, the first of `responsibles`; null when there is none.',
      resolve: async (task, _args, context) => (await responsibles(task.id, context))[0],
    }),
    responsibles: t.field({
      type: [UserNode],
      description: 'The users who are responsible, the main one first.',
      resolve: (task, _args, context) => responsibles(task.id, context),
    }),
    category: t.field({
      type: CategoryNode,
      nullable: true,
      description: 'Category of the task; null when it has none.',
      resolve: (task) => task.category?.id,
    }),
    contact: t.field({
      type: ContactNode,
      nullable: true,
      description: 'The contact that the task concerns; null when it has none, or when you may not see the contact.',
      resolve: async ({ contact }, _args, context) =>
        contact && ((await accessOf({ type: 'Contact', id: contact.id }, context))?.row as Row<Contact> | undefined),
    }),
    entity: t.field({
      type: EntityInterface,
      nullable: true,
      description: 'The opportunity or case that the task concerns; null when it has none, or when you may not see it.',
      resolve: async ({ entityType, entityId }, _args, context) => {
        if (!entityType || !entityId) return null;
        return (await accessOf({ type: entityType, id: entityId }, context))?.row as Entity | undefined;
      },
    }),
    project: t.field({
      type: ProjectNode,
      description: 'The project that the task belongs to.',
      resolve: (task) => task.project.id,
    }),
    createdBy: t.field({
      type: UserNode,
      description: 'The user who created the task.',
      resolve: (task) => task.createdBy.id,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of creation.' }),
    canEdit: t.boolean({
      description:
        'Whether you may change and delete the task and comment on it, which is whether you may edit the ' + 'project.',
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
  description: 'Conditions on tasks. A task has to meet all that are given.',
  fields: (t) => ({
    isClosed: t.boolean({ description: 'True for completed tasks only, false for open ones only.' }),
    responsibleId: t.id({ description: 'Id of a user who is responsible, as in `User:1`.' }),
    titleContains: t.string({ description: 'Text that the title contains, ignoring case.' }),
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
    description: 'Returns a task. NOT_FOUND when it does not exist or you may not see it.',
    args: { id: t.arg.id({ required: true, description: 'Id of the task, as in `Task:1`.' }) },
    resolve: (_root, args) => idOf('Task', args.id),
  }),
  tasks: t.connection(
    {
      type: TaskNode,
      description: 'All tasks that you may see, oldest first.',
      args: {
        projectId: t.arg.id({ description: 'Return only tasks of this project, as in `Project:1`.' }),
        filter: t.arg({ type: TaskFilterInput, description: 'Conditions that the tasks have to meet.' }),
      },
      resolve: (_root, { projectId, filter, ...args }, context) => {
        const project = projectId == null ? undefined : idOf('Project', projectId);
        return connect(context, listTasks(context, project, taskFilterOf(filter)), args, (task) => task.id);
      },
    },
    TaskConnection,
    TaskEdge,
  ),
}));
