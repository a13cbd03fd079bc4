import type { Project, ProjectRole } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { rolesOf } from '../../workspace/attachable.ts';
import { limitsOf, projects, usageOf } from '../../workspace/projects.ts';
import { tasks } from '../../workspace/tasks.ts';
import { accessOf } from '../access-loader.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import { connect, toCursor } from '../connection.ts';
import type { GraphQLContext } from '../context.ts';
import { idOf } from '../ids.ts';
import { AttachableInterface, ProjectNode, TaskNode, UserNode } from '../refs.ts';
import { TaskConnection, TaskEdge, TaskFilterInput, taskFilterOf } from './task.ts';

export const ProjectRoleEnum = builder.enumType('ProjectRole', {
  description: 'What a member may do in a project.',
  values: {
    VIEWER: { description: 'See it, its tasks and comments, and their files.' },
    EDITOR: { description: 'Also create, change and delete tasks and comments, attach files and detach them.' },
    OWNER: { description: 'Also change and delete the project itself, and say who its members are.' },
  } satisfies Record<ProjectRole, object>,
});

const usage = batchLoader<number, { bytes: number; files: number }>(async (ids, context) => {
  const found = await usageOf(context, ids);
  return ids.map((id) => found.get(id) ?? { bytes: 0, files: 0 });
});

const role = batchLoader<number, ProjectRole | undefined>(async (ids, context) => {
  const found = await rolesOf(context, ids);
  return ids.map((id) => found.get(id));
});

const canManage = async ({ id }: Row<Project>, context: GraphQLContext) =>
  (await accessOf({ type: 'Project', id }, context))?.canManage ?? false;

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
        args: { filter: t.arg({ type: TaskFilterInput, description: 'Which of them.' }) },
        resolve: (project, { filter, ...args }, context) =>
          connect(context, tasks(context, project.id, taskFilterOf(filter)), args, (task) => task.id),
      },
      TaskConnection,
      TaskEdge,
    ),
    usedBytes: t.field({
      type: 'ByteSize',
      description:
        'What the files on it, its tasks and comments come to, each once, with all its versions. For the quota, and so the same for all members: files that are not available yet count as well.',
      resolve: async ({ id }, _args, context) => (await usage(id, context)).bytes,
    }),
    usedFiles: t.int({
      description:
        'How many files hang on it, its tasks and comments, each counted once. For the quota, and so the same for all members: files that are not available yet count as well.',
      resolve: async ({ id }, _args, context) => (await usage(id, context)).files,
    }),
    maxBytes: t.field({
      type: 'ByteSize',
      nullable: true,
      description: 'How much `usedBytes` may come to: its own limit, or that of every project; null for no limit.',
      resolve: (project, _args, context) => limitsOf(context, project).bytes,
    }),
    maxFiles: t.int({
      nullable: true,
      description: 'How much `usedFiles` may come to: its own limit, or that of every project; null for no limit.',
      resolve: (project, _args, context) => limitsOf(context, project).files,
    }),
    viewerRole: t.field({
      type: ProjectRoleEnum,
      nullable: true,
      description: 'What you are in it; null for an administrator who is no member.',
      resolve: ({ id }, _args, context) => role(id, context),
    }),
    canEdit: t.boolean({
      description: 'Whether you may change its title and description, and say who its members are.',
      resolve: (project, _args, context) => canManage(project, context),
    }),
    canDelete: t.boolean({
      description: 'Whether you may delete it.',
      resolve: (project, _args, context) => canManage(project, context),
    }),
    createdBy: t.field({ type: UserNode, description: 'Who created it.', resolve: (project) => project.createdBy.id }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

export const ProjectEdge = builder.edgeObject({
  name: 'ProjectEdge',
  description: 'A project in a list.',
  type: ProjectNode,
});
const ProjectConnection = builder.connectionObject(
  { name: 'ProjectConnection', description: 'A page of projects.', type: ProjectNode },
  ProjectEdge,
);
export const projectEdgeOf = (project: Row<Project>) => ({ cursor: toCursor(project.id), node: project });

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
      resolve: (_root, args, context) => connect(context, projects(context), args, (project) => project.id),
    },
    ProjectConnection,
    ProjectEdge,
  ),
}));
