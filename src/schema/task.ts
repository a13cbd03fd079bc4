import { createComment, createTask } from '../workspace/create.ts';
import { comments, tasks } from '../workspace/list.ts';
import { builder } from './builder.ts';
import { connect } from './connection.ts';
import { idOf } from './ids.ts';
import { AttachableInterface, CommentNode, ProjectNode, TaskNode, UserNode } from './refs.ts';
import { longText, saying, title } from './text.ts';

builder.objectType(TaskNode, {
  description: 'A piece of work in a project.',
  interfaces: [AttachableInterface],
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    title: t.exposeString('title', { description: 'What is to be done.' }),
    description: t.exposeString('description', { description: 'More about it; empty when nobody said.' }),
    project: t.field({ type: ProjectNode, description: 'Where it belongs.', resolve: (task) => task.project.id }),
    comments: t.connection(
      {
        type: CommentNode,
        description: 'What was said on it, oldest first.',
        resolve: (task, args, context) => connect(comments(context, task), args, (comment) => comment.id),
      },
      { name: 'CommentConnection', description: 'A page of comments.' },
      { name: 'CommentEdge', description: 'A comment in a list.' },
    ),
    createdBy: t.field({ type: UserNode, description: 'Who created it.', resolve: (task) => task.createdBy.id }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

builder.objectType(CommentNode, {
  description: 'What somebody said on a task.',
  interfaces: [AttachableInterface],
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    body: t.exposeString('body', { description: 'What was said.' }),
    task: t.field({ type: TaskNode, description: 'What it was said on.', resolve: (comment) => comment.task.id }),
    createdBy: t.field({ type: UserNode, description: 'Who said it.', resolve: (comment) => comment.createdBy.id }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was said.' }),
  }),
});

export const TaskEdge = builder.edgeObject({ name: 'TaskEdge', description: 'A task in a list.', type: TaskNode });
export const TaskConnection = builder.connectionObject(
  { name: 'TaskConnection', description: 'A page of tasks.', type: TaskNode },
  TaskEdge,
);

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
      args: { projectId: t.arg.id({ description: 'Only those of this project, as in `Project:1`.' }) },
      resolve: (_root, args, context) =>
        connect(
          tasks(context, args.projectId == null ? undefined : idOf('Project', args.projectId)),
          args,
          (task) => task.id,
        ),
    },
    TaskConnection,
    TaskEdge,
  ),
}));

builder.relayMutationField(
  'createTask',
  {
    description: 'A new task.',
    inputFields: (t) => ({
      projectId: t.id({ required: true, description: 'Where it belongs, as in `Project:1`.' }),
      title: t.string({ required: true, validate: title, description: 'What is to be done; 1 to 500 characters.' }),
      description: t.string({ defaultValue: '', validate: longText, description: 'More about it.' }),
    }),
  },
  {
    description: 'Creates a task in a project that you may edit.',
    resolve: async (_root, { input }, context) => ({
      task: await createTask(context, {
        projectId: idOf('Project', input.projectId),
        title: input.title,
        description: input.description ?? '',
      }),
    }),
  },
  {
    description: 'The new task.',
    outputFields: (t) => ({
      task: t.field({ type: TaskNode, description: 'As it was created.', resolve: (payload) => payload.task }),
    }),
  },
);

builder.relayMutationField(
  'createComment',
  {
    description: 'A new comment.',
    inputFields: (t) => ({
      taskId: t.id({ required: true, description: 'What it is said on, as in `Task:1`.' }),
      body: t.string({ required: true, validate: saying, description: 'What is said; 1 to 100,000 characters.' }),
    }),
  },
  {
    description: 'Adds a comment to a task of a project that you may edit.',
    resolve: async (_root, { input }, context) => ({
      comment: await createComment(context, { taskId: idOf('Task', input.taskId), body: input.body }),
    }),
  },
  {
    description: 'The new comment.',
    outputFields: (t) => ({
      comment: t.field({ type: CommentNode, description: 'As it was created.', resolve: (payload) => payload.comment }),
    }),
  },
);
