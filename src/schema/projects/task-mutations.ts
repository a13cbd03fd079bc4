import { z } from 'zod';
import { taskSubjectTypes } from '../../workspace/task-links.ts';
import type { TaskFields } from '../../workspace/tasks.ts';
import { createTask, updateTask } from '../../workspace/tasks.ts';
import { builder, type InputFields } from '../builder.ts';
import { deleteMutation } from '../delete-mutation.ts';
import { uploadPayloadInterfaces } from '../files/files-payload.ts';
import { attachableOf, idOf } from '../ids.ts';
import { TaskNode } from '../refs.ts';
import { createWithParts, filesAlong } from '../uploads/upload.ts';
import { longText, title } from '../validators.ts';
import { TaskEdge, TaskPriorityEnum, taskEdgeOf } from './task.ts';

const minutes = z.number().min(0, 'must not be negative');
const people = z.array(z.string()).max(100, 'may name at most 100 users');

const taskFields = (t: InputFields) => ({
  description: t.string({ validate: longText, description: 'More about it; null for nothing.' }),
  deadline: t.field({ type: 'DateTime', description: 'When it has to be done; null for no matter when.' }),
  alertValue: t.int({
    validate: minutes,
    description: 'How many minutes before the deadline to remind of it; 0 or null for not at all.',
  }),
  isClosed: t.boolean({ description: 'Whether nothing is left to be done.' }),
  priority: t.field({
    type: TaskPriorityEnum,
    description: 'How much it matters beside others; a new task is NORMAL.',
  }),
  responsibleIds: t.idList({
    validate: people,
    description:
      'Who has to do it, as in `User:1`: at most 100, the first answers for it; null for nobody. Whoever is to see it has to be a member of the project as well.',
  }),
  categoryId: t.id({ description: 'What kind of task it is, as in `Category:1`; null for none.' }),
  contactId: t.id({ description: 'Whom it concerns: a contact that you may see, as in `Contact:1`; null for nobody.' }),
  entityId: t.id({
    description: 'What it is about: something that you may see, as in `Opportunity:1` or `Case:1`; null for nothing.',
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

/** Decodes what is given; null clears where there is something to clear, and says nothing elsewhere. */
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
      description: 'A new task.',
      inputFields: (t) => ({
        projectId: t.id({ required: true, description: 'Where it belongs, as in `Project:1`.' }),
        title: t.string({ required: true, validate: title, description: 'What is to be done; 1 to 500 characters.' }),
        ...taskFields(t),
        ...filesAlong(t),
      }),
    },
    {
      description: 'Creates a task in a project that you may edit. NOT_FOUND names every id that leads nowhere.',
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
      description: 'The new task.',
      outputFields: (t) => ({
        task: t.field({ type: TaskNode, description: 'As it was created.', resolve: ({ row }) => row }),
        taskEdge: t.field({
          type: TaskEdge,
          description: 'The same as an edge of the list of tasks, so that a cache can append it.',
          resolve: ({ row }) => taskEdgeOf(row),
        }),
      }),
    },
  ),
);

builder.relayMutationField(
  'updateTask',
  {
    description: 'What to change of a task. What is left out stays as it is.',
    inputFields: (t) => ({
      taskId: t.id({ required: true, description: 'Which one, as in `Task:1`.' }),
      title: t.string({ validate: title, description: 'What is to be done; 1 to 500 characters.' }),
      ...taskFields(t),
    }),
  },
  {
    description: 'Changes a task of a project that you may edit. NOT_FOUND names every id that leads nowhere.',
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
      task: t.field({ type: TaskNode, description: 'As it is now.', resolve: ({ task }) => task }),
    }),
  },
);

deleteMutation(
  'Task',
  'Deletes a task of a project that you may edit, with its comments. Their files that are attached to nothing else are removed.',
);
