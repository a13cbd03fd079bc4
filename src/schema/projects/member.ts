import type { Project, ProjectMember, ProjectRole } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { BadUserInputError } from '../../errors.ts';
import {
  addMember,
  type Membership,
  members,
  type NewMember,
  removeMember,
  updateMember,
} from '../../workspace/members.ts';
import { accessOf } from '../access-loader.ts';
import { builder, type InputFields } from '../builder.ts';
import { connect, toCursor } from '../connection.ts';
import { encodeId, idOf } from '../ids.ts';
import { ProjectNode, UserNode } from '../refs.ts';
import { email } from '../validators.ts';
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
      description: 'Role of the member in the project.',
      // Pothos types only cursor and node; `edgeOf` creates every edge of this type.
      resolve: (edge) => (edge as unknown as { role: ProjectRole }).role,
    }),
  }),
});

builder.objectField(ProjectNode, 'members', (t) =>
  t.connection(
    {
      type: UserNode,
      description:
        'Members of the project, in the order in which the users were created. Administrators may see and ' +
        'change the project without being members.',
      resolve: async (project, args, context) => {
        const page = await connect(context, members(context, project.id), args, (member) => member.user.id);
        return { ...page, edges: page.edges.map((edge) => edgeOf(edge.node)) };
      },
    },
    { name: 'ProjectMemberConnection', description: 'A page of members.' },
    MemberEdge,
  ),
);

const projectId = (t: InputFields) => t.id({ required: true, description: 'Id of the project, as in `Project:1`.' });

const whose = (t: InputFields) => ({
  projectId: projectId(t),
  userId: t.id({ required: true, description: 'Id of the user, as in `User:1`.' }),
});

const membershipOf = (input: { projectId: string; userId: string }): Membership => ({
  projectId: idOf('Project', input.projectId),
  userId: idOf('User', input.userId),
});

interface WhoInput {
  userId?: string | null | undefined;
  email?: string | null | undefined;
}

function newMemberOf({ userId, email }: WhoInput): NewMember {
  if ((userId == null) === (email == null)) throw new BadUserInputError('Give either `userId` or `email`.');
  return userId == null ? { email: email as string } : { userId: idOf('User', userId) };
}

builder.relayMutationField(
  'addProjectMember',
  {
    description: 'The member to add.',
    inputFields: (t) => ({
      projectId: projectId(t),
      userId: t.id({ description: 'Id of the user, as in `User:1`. Either this or `email` is required.' }),
      email: t.string({
        validate: email,
        description: 'Email address of the user, as in `ada@example.com`, instead of `userId`.',
      }),
      role: t.field({
        type: ProjectRoleEnum,
        defaultValue: 'EDITOR',
        description: 'Role of the member in the project.',
      }),
    }),
  },
  {
    description:
      'Adds a member to a project that you own. CONFLICT when the user is a member already; NOT_FOUND when ' +
      'no user has the id or the email address; BAD_USER_INPUT unless one of them is given.',
    resolve: (_root, { input }, context) =>
      addMember(context, {
        projectId: idOf('Project', input.projectId),
        who: newMemberOf(input),
        role: input.role ?? 'EDITOR',
      }),
  },
  {
    description: 'The added member.',
    outputFields: (t) => ({
      project: t.field({ type: ProjectNode, description: 'The project.', resolve: (member) => member.project.id }),
      memberEdge: t.field({
        type: MemberEdge,
        description: 'The member as an edge of the list of members, so that a client can add it to its cache.',
        resolve: edgeOf,
      }),
    }),
  },
);

builder.relayMutationField(
  'updateProjectMember',
  {
    description: 'Changes to a member.',
    inputFields: (t) => ({
      ...whose(t),
      role: t.field({ type: ProjectRoleEnum, required: true, description: 'New role of the member in the project.' }),
    }),
  },
  {
    description:
      'Changes the role of a member of a project that you own. NOT_FOUND when the user is no member; CONFLICT when no owner would be left.',
    resolve: (_root, { input }, context) => updateMember(context, { ...membershipOf(input), role: input.role }),
  },
  {
    description: 'The changed member.',
    outputFields: (t) => ({
      project: t.field({ type: ProjectNode, description: 'The project.', resolve: (member) => member.project.id }),
      memberEdge: t.field({
        type: MemberEdge,
        description: 'The member after the change, as an edge of the list of members.',
        resolve: edgeOf,
      }),
    }),
  },
);

builder.relayMutationField(
  'removeProjectMember',
  { description: 'The member to remove.', inputFields: whose },
  {
    description:
      'Removes a member from a project that you own. The user loses access, and its subscriptions to the ' +
      'project end, at once. CONFLICT when no owner would be left.',
    resolve: async (_root, { input }, context) => {
      const membership = membershipOf(input);
      await removeMember(context, membership);
      return membership;
    },
  },
  {
    description: 'The removed member.',
    outputFields: (t) => ({
      project: t.field({
        type: ProjectNode,
        nullable: true,
        description: 'The project; null when you removed yourself and may no longer see it.',
        resolve: async ({ projectId: id }, _args, context) =>
          (await accessOf({ type: 'Project', id }, context))?.row as Row<Project> | undefined,
      }),
      removedUserId: t.id({
        description: 'Id of the removed user, to drop the edge from your cache of the list of members.',
        resolve: ({ userId }) => encodeId('User', userId),
      }),
    }),
  },
);
