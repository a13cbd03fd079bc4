import { createProject, projects } from '../workspace/projects.ts';
import { tasks } from '../workspace/tasks.ts';
import { builder } from './builder.ts';
import { connect } from './connection.ts';
import { idOf } from './ids.ts';
import { AttachableInterface, ProjectNode, TaskNode, UserNode } from './refs.ts';
import { TaskConnection, TaskEdge } from './task.ts';
import { longText, title } from './text.ts';

builder.objectType(ProjectNode, {
  description: 'What a team works on: tasks, their comments, and files. Its members are those who may see it.',
  interfaces: [AttachableInterface],
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    title: t.exposeString('title', { description: 'What it is called.' }),
    description: t.exposeString('description', { description: 'What it is about; empty when nobody said.' }),
    tasks: t.connection(
      {
        type: TaskNode,
        description: 'Its tasks, oldest first.',
        resolve: (project, args, context) => connect(tasks(context, project.id), args, (task) => task.id),
      },
      TaskConnection,
      TaskEdge,
    ),
    createdBy: t.field({ type: UserNode, description: 'Who created it.', resolve: (project) => project.createdBy.id }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

const ProjectEdge = builder.edgeObject({ name: 'ProjectEdge', description: 'A project in a list.', type: ProjectNode });
const ProjectConnection = builder.connectionObject(
  { name: 'ProjectConnection', description: 'A page of projects.', type: ProjectNode },
  ProjectEdge,
);

builder.queryFields((t) => ({
  project: t.field({
    type: ProjectNode,
    nullable: true,
    description: 'A project by its id. NOT_FOUND when it does not exist or you may not see it.',
    args: { id: t.arg.id({ required: true, description: 'As in `Project:1`.' }) },
    resolve: (_root, args) => idOf('Project', args.id),
  }),
  projects: t.connection(
    {
      type: ProjectNode,
      description: 'Every project that you may see, oldest first.',
      resolve: (_root, args, context) => connect(projects(context), args, (project) => project.id),
    },
    ProjectConnection,
    ProjectEdge,
  ),
}));

builder.relayMutationField(
  'createProject',
  {
    description: 'A new project.',
    inputFields: (t) => ({
      title: t.string({ required: true, validate: title, description: 'What it is called; 1 to 500 characters.' }),
      description: t.string({ defaultValue: '', validate: longText, description: 'What it is about.' }),
    }),
  },
  {
    description: 'Creates a project. You become its owner.',
    resolve: async (_root, { input }, context) => ({
      project: await createProject(context, { title: input.title, description: input.description ?? '' }),
    }),
  },
  {
    description: 'The new project.',
    outputFields: (t) => ({
      project: t.field({ type: ProjectNode, description: 'As it was created.', resolve: (payload) => payload.project }),
    }),
  },
);
