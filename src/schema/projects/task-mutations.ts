import { z } from 'zod';
import { taskSubjectTypes } from '../../workspace/task-links.ts';
import type { TaskFields } from '../../workspace/tasks.ts';
import { createTask, updateTask } from '../../workspace/tasks.ts';
import { builder, type InputFields } from '../builder.ts';
import { deleteMutation } from '../delete-mutation.ts';
import { uploadPayloadInterfaces } from '../files/files-payload.ts';
import { attachableOf, idOf } from '../ids.ts';
import { TaskNode } from '../refs.ts';
import { attachedFilesFields, createWithParts } from '../uploads/upload.ts';
import { longText, title } from '../validators.ts';
import { TaskEdge, TaskPriorityEnum, taskEdgeOf } from './task.ts';

const minutes = z.number().min(0, 'must not be negative');
const people = z.array(z.string()).max(100, 'may name at most 100 users');

/** `onNull` ends the descriptions: null removes a value from a task that exists. */
const taskFields = (t: InputFields, onNull: '' | '; null removes it') => ({
  description: t.string({
    validate: longText,
    description: `Description of the task, at most 100,000 characters${onNull}.`,
  }),
  deadline: t.field({ type: 'DateTime', description: `Time by which the task is due${onNull}.` }),
  alertValue: t.int({
    validate: minutes,
    description:
      'Minutes before the deadline at which to remind; 0 or null for no reminder. Clients send reminders, ' +
      'not the server.',
  }),
  isClosed: t.boolean({ description: 'Whether the task is completed.' }),
  priority: t.field({
    type: TaskPriorityEnum,
    description: 'Priority of the task; NORMAL for a new task when omitted.',
  }),
  responsibleIds: t.idList({
    validate: people,
    description:
      'Ids of the users who are responsible, as in `User:1`: at most 100, the main one first; null removes ' +
      'all. It does not make them members of the project.',
  }),
  categoryId: t.id({ description: `Category of the task, as in \`Category:1\`${onNull}.` }),
  contactId: t.id({
    description: `A contact that the task concerns and that you may see, as in \`Contact:1\`${onNull}.`,
  }),
  entityId: t.id({
    description:
      'An opportunity or case that the task concerns and that you may see, as in `Opportunity:1` or ' +
      `\`Case:1\`${onNull}.`,
  }),
});

interface TaskInput {
  description?: string | null | undefined;
  deadline?: Date | null | undefined;
  alertValue?: number | null | undefined;
  isClosed?: boolean | null | undefined;
  priority?: TaskFields['priority'] | null;
  responsibleIds?: readonly string[] | null | undefined;
  categoryId?: string | null | undefined;
  contactId?: string | null | undefined;
  entityId?: string | null | undefined;
}

/** Decodes the given fields. Null clears a nullable field, and is ignored for the others. */
function fieldsOf(input: TaskInput): Omit<TaskFields, 'title'> {
  const mapped = <Text, Value>(value: Text | null | undefined, map: (value: Text) => Value) =>
    value == null ? (value as null | undefined) : map(value);
  return {
    description: input.description === null ? '' : input.description,
    deadline: input.deadline,
    alertValue: input.alertValue === null ? 0 : input.alertValue,
    isClosed: input.isClosed ?? undefined,
    priority: input.priority ?? undefined,
    responsibleIds: input.responsibleIds === null ? [] : input.responsibleIds?.map((id) => idOf('User', id)),
    categoryId: mapped(input.categoryId, (id) => idOf('Category', id)),
    contactId: mapped(input.contactId, (id) => idOf('Contact', id)),
    about: mapped(input.entityId, (id) => attachableOf(id, taskSubjectTypes) as TaskFields['about']),
  };
}

uploadPayloadInterfaces(
  builder.relayMutationField(
    'createTask',
    {
      description: 'The task to create.',
      inputFields: (t) => ({
        projectId: t.id({ required: true, description: 'Id of the project, as in `Project:1`.' }),
        title: t.string({ required: true, validate: title, description: 'Title of the task, 1 to 500 characters.' }),
        ...taskFields(t, ''),
        ...attachedFilesFields(t),
      }),
    },
    {
      description:
        'Creates a task in a project. FORBIDDEN when you may see the project but not edit it; NOT_FOUND ' +
        'names every id that was not found.',
      resolve: (_root, { input }, context) => {
        const projectId = idOf('Project', input.projectId);
        const fields = { projectId, title: input.title, ...fieldsOf(input) };
        return createWithParts(context, {
          ...input,
          request: ['createTask', fields],
          parent: { type: 'Project', id: projectId },
          create: (ctx) => createTask(ctx, fields),
        });
      },
    },
    {
      description: 'The created task.',
      outputFields: (t) => ({
        task: t.field({ type: TaskNode, description: 'The created task.', resolve: ({ row }) => row }),
        taskEdge: t.field({
          type: TaskEdge,
          description: 'The same as an edge of the list of tasks, so that a client can add it to its cache.',
          resolve: ({ row }) => taskEdgeOf(row),
        }),
      }),
    },
  ),
);

builder.relayMutationField(
  'updateTask',
  {
    description: 'Changes to a task. Omitted fields keep their values.',
    inputFields: (t) => ({
      taskId: t.id({ required: true, description: 'Id of the task, as in `Task:1`.' }),
      title: t.string({ validate: title, description: 'Title of the task, 1 to 500 characters.' }),
      ...taskFields(t, '; null removes it'),
    }),
  },
  {
    description:
      'Changes a task. FORBIDDEN when you may see the project but not edit it; NOT_FOUND names every id ' +
      'that was not found.',
    resolve: async (_root, { input }, context) => ({
      task: await updateTask(context, idOf('Task', input.taskId), {
        title: input.title ?? undefined,
        ...fieldsOf(input),
      }),
    }),
  },
  {
    description: 'The changed task.',
    outputFields: (t) => ({
      task: t.field({ type: TaskNode, description: 'The task after the change.', resolve: ({ task }) => task }),
    }),
  },
);

deleteMutation(
  'Task',
  'Deletes a task of a project that you may edit, with its comments. Their files that are attached to nothing else are removed.',
);
