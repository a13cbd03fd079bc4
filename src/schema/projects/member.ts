import type { Project, ProjectMember, ProjectRole } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { addMember, type Membership, members, removeMember, updateMember } from '../../workspace/members.ts';
import { accessOf } from '../access-loader.ts';
import { builder, type InputFields } from '../builder.ts';
import { connect, toCursor } from '../connection.ts';
import { encodeId, idOf } from '../ids.ts';
import { ProjectNode, UserNode } from '../refs.ts';
import { ProjectRoleEnum } from './project.ts';

const edgeOf = (member: ProjectMember) => ({
  cursor: toCursor(member.user.id),
  node: member.user.id,
  role: member.role,
});

const MemberEdge = builder.edgeObject({
  name: 'ProjectMemberEdge',
  description: 'A user in a list of members.',
  type: UserNode,
  fields: (t) => ({
    role: t.field({
      type: ProjectRoleEnum,
      description: 'What the member may do.',
      // Pothos knows of cursor and node alone; every edge of this type is made by `edgeOf`.
      resolve: (edge) => (edge as unknown as { role: ProjectRole }).role,
    }),
  }),
});

builder.objectField(ProjectNode, 'members', (t) =>
  t.connection(
    {
      type: UserNode,
      description:
        'Who may see it, and what they may do, in the order in which they became users. Administrators may everything, without being members.',
      resolve: async (project, args, context) => {
        const page = await connect(context, members(context, project.id), args, (member) => member.user.id);
        return { ...page, edges: page.edges.map((edge) => edgeOf(edge.node)) };
      },
    },
    { name: 'ProjectMemberConnection', description: 'A page of members.' },
    MemberEdge,
  ),
);

const whose = (t: InputFields) => ({
  projectId: t.id({ required: true, description: 'Where, as in `Project:1`.' }),
  userId: t.id({ required: true, description: 'Who, as in `User:1`.' }),
});

const membershipOf = (input: { projectId: string; userId: string }): Membership => ({
  projectId: idOf('Project', input.projectId),
  userId: idOf('User', input.userId),
});

builder.relayMutationField(
  'addProjectMember',
  {
    description: 'A new member.',
    inputFields: (t) => ({
      ...whose(t),
      role: t.field({ type: ProjectRoleEnum, defaultValue: 'EDITOR', description: 'What the member may do.' }),
    }),
  },
  {
    description: 'Makes a user a member of a project that you own. CONFLICT when it is one already.',
    resolve: (_root, { input }, context) =>
      addMember(context, { ...membershipOf(input), role: input.role ?? 'EDITOR' }),
  },
  {
    description: 'The new member.',
    outputFields: (t) => ({
      project: t.field({ type: ProjectNode, description: 'Where.', resolve: (member) => member.project.id }),
      memberEdge: t.field({
        type: MemberEdge,
        description: 'As an edge of the list of members, so that a cache can append it.',
        resolve: edgeOf,
      }),
    }),
  },
);

builder.relayMutationField(
  'updateProjectMember',
  {
    description: 'What a member may do from now on.',
    inputFields: (t) => ({
      ...whose(t),
      role: t.field({ type: ProjectRoleEnum, required: true, description: 'What the member may do.' }),
    }),
  },
  {
    description: 'Gives a member of a project that you own another role. CONFLICT when no owner would be left.',
    resolve: (_root, { input }, context) => updateMember(context, { ...membershipOf(input), role: input.role }),
  },
  {
    description: 'The changed member.',
    outputFields: (t) => ({
      project: t.field({ type: ProjectNode, description: 'Where.', resolve: (member) => member.project.id }),
      memberEdge: t.field({ type: MemberEdge, description: 'As it is now.', resolve: edgeOf }),
    }),
  },
);

builder.relayMutationField(
  'removeProjectMember',
  { description: 'Which member.', inputFields: whose },
  {
    description:
      'Ends a membership in a project that you own; from this moment the user does not see it, and subscriptions to it end. ' +
      'CONFLICT when no owner would be left.',
    resolve: async (_root, { input }, context) => {
      const membership = membershipOf(input);
      await removeMember(context, membership);
      return membership;
    },
  },
  {
    description: 'The former member.',
    outputFields: (t) => ({
      project: t.field({
        type: ProjectNode,
        nullable: true,
        description: 'Where; null when you ended your own membership, and so do not see it any more.',
        resolve: async ({ projectId: id }, _args, context) =>
          (await accessOf({ type: 'Project', id }, context))?.row as Row<Project> | undefined,
      }),
      removedUserId: t.id({
        description: 'Who is no longer in the list of members; drop the edge from your cache.',
        resolve: ({ userId }) => encodeId('User', userId),
      }),
    }),
  },
);
