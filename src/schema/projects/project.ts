import type { Project, ProjectRole } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { rolesOf } from '../../workspace/attachable.ts';
import { listProjects, quotaOf, usageOf } from '../../workspace/projects.ts';
import { listTasks } from '../../workspace/tasks.ts';
import { accessOf } from '../access-loader.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import { connect, toCursor } from '../connection.ts';
import type { GraphQLContext } from '../context.ts';
import { idOf } from '../ids.ts';
import { AttachableInterface, ProjectNode, TaskNode, UserNode } from '../refs.ts';
import { TaskConnection, TaskEdge, TaskFilterInput, taskFilterOf } from './task.ts';

export const ProjectRoleEnum = builder.enumType('ProjectRole', {
  description: 'Role of a member in a project.',
  values: {
    VIEWER: { description: 'May see the project, its tasks and comments, and their files.' },
    EDITOR: { description: 'May also create, change and delete tasks and comments, and attach and detach files.' },
    OWNER: { description: 'May also change and delete the project itself, and manage its members.' },
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
  description: 'A project: tasks, their comments, and files. Its members and administrators may see it.',
  interfaces: [AttachableInterface],
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The numeric part of `id`, as in `1`.' }),
    title: t.exposeString('title', { description: 'Title of the project.' }),
    description: t.exposeString('description', {
      description: 'Description of the project; an empty string when it has none.',
    }),
    tasks: t.connection(
      {
        type: TaskNode,
        description: 'Tasks of the project, oldest first.',
        args: { filter: t.arg({ type: TaskFilterInput, description: 'Conditions that the tasks have to meet.' }) },
        resolve: (project, { filter, ...args }, context) =>
          connect(context, listTasks(context, project.id, taskFilterOf(filter)), args, (task) => task.id),
      },
      TaskConnection,
      TaskEdge,
    ),
    usedBytes: t.field({
      type: 'ByteSize',
      description:
        'Size in bytes of all files of the project, its tasks and their comments: each file once, with all ' +
        'its versions. The quota is compared with it, so it includes unavailable files and is the same for ' +
        'all members.',
      resolve: async ({ id }, _args, context) => (await usage(id, context)).bytes,
    }),
    usedFiles: t.int({
      description:
        'Number of files of the project, its tasks and their comments: each file once. The quota is compared ' +
        'with it, so it includes unavailable files and is the same for all members.',
      resolve: async ({ id }, _args, context) => (await usage(id, context)).files,
    }),
    maxBytes: t.field({
      type: 'ByteSize',
      nullable: true,
      description:
        'Quota for `usedBytes`: that of the project, or else the default of the server; null when there is ' + 'none.',
      resolve: (project, _args, context) => quotaOf(context, project).bytes,
    }),
    maxFiles: t.int({
      nullable: true,
      description:
        'Quota for `usedFiles`: that of the project, or else the default of the server; null when there is ' + 'none.',
      resolve: (project, _args, context) => quotaOf(context, project).files,
    }),
    viewerRole: t.field({
      type: ProjectRoleEnum,
      nullable: true,
      description: 'Your role in the project; null when you are no member, as an administrator may be.',
      resolve: ({ id }, _args, context) => role(id, context),
    }),
    canEdit: t.boolean({
      description: 'Whether you may change the title and description, and manage the members.',
      resolve: (project, _args, context) => canManage(project, context),
    }),
    canDelete: t.boolean({
      description: 'Whether you may delete the project.',
      resolve: (project, _args, context) => canManage(project, context),
    }),
    createdBy: t.field({
      type: UserNode,
      description: 'The user who created the project.',
      resolve: (project) => project.createdBy.id,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of creation.' }),
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

const ProjectFilterInput = builder.inputType('ProjectFilter', {
  description: 'Conditions on projects. A project has to meet all that are given.',
  fields: (t) => ({
    titleContains: t.string({ description: 'Text that the title contains, ignoring case.' }),
  }),
});

builder.queryFields((t) => ({
  project: t.field({
    type: ProjectNode,
    nullable: true,
    description: 'Returns a project. NOT_FOUND when it does not exist or you may not see it.',
    args: { id: t.arg.id({ required: true, description: 'Id of the project, as in `Project:1`.' }) },
    resolve: (_root, args) => idOf('Project', args.id),
  }),
  projects: t.connection(
    {
      type: ProjectNode,
      description: 'All projects that you may see, oldest first.',
      args: { filter: t.arg({ type: ProjectFilterInput, description: 'Conditions that the projects have to meet.' }) },
      resolve: (_root, { filter, ...args }, context) =>
        connect(context, listProjects(context, filter?.titleContains ?? undefined), args, (project) => project.id),
    },
    ProjectConnection,
    ProjectEdge,
  ),
}));
