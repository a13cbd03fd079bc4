import { listUsers, usersWithKnownEmail } from '../../auth/users.ts';
import type { User } from '../../database/entities/index.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import { connect, toCursor } from '../connection.ts';
import { idOf } from '../ids.ts';
import { UserNode } from '../refs.ts';

const isEmailKnown = batchLoader<number, boolean>(async (ids, context) => {
  const known = await usersWithKnownEmail(context, ids);
  return ids.map((id) => known.has(id));
});

builder.objectType(UserNode, {
  description:
    'A user: a person, or a program that acts as one. All users may see each other; the ' +
    'description of a field says when fewer may see it.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The numeric part of `id`, as in `1`.' }),
    displayName: t.exposeString('displayName', { description: 'Display name of the user.' }),
    title: t.exposeString('title', {
      description: 'Job title, as in "Head of sales"; an empty string when none is set.',
    }),
    email: t.string({
      nullable: true,
      description:
        'E-mail address. Null when none is set, and unless you are the user, an administrator, or a member ' +
        'of a project that the user is a member of.',
      resolve: async (user, _args, context) => ((await isEmailKnown(user.id, context)) ? user.email : null),
    }),
    avatarUrl: t.exposeString('avatarUrl', {
      nullable: true,
      description: 'URL of a picture of the user; null when there is none.',
    }),
    profileUrl: t.exposeString('profileUrl', {
      nullable: true,
      description: 'URL of a profile page of the user; null when there is none.',
    }),
    isAdmin: t.exposeBoolean('isAdmin', {
      description: 'Whether the user is an administrator, who may see and change everything.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of creation.' }),
  }),
});

const UserEdge = builder.edgeObject({ name: 'UserEdge', description: 'A user in a list.', type: UserNode });
const UserConnection = builder.connectionObject(
  { name: 'UserConnection', description: 'A page of users.', type: UserNode },
  UserEdge,
);

export const userEdgeOf = (user: User) => ({ cursor: toCursor(user.id), node: user });
export { UserEdge };

builder.queryFields((t) => ({
  viewer: t.field({
    type: UserNode,
    description: 'The user whose API key this request carries.',
    resolve: (_root, _args, { viewer }) => viewer.userId,
  }),
  user: t.field({
    type: UserNode,
    nullable: true,
    description: 'Returns a user. NOT_FOUND when the user does not exist.',
    args: { id: t.arg.id({ required: true, description: 'Id of the user, as in `User:1`.' }) },
    resolve: (_root, args) => idOf('User', args.id),
  }),
  users: t.connection(
    {
      type: UserNode,
      description: 'All users, in the order in which they were created.',
      resolve: (_root, args, context) => connect(context, listUsers(context), args, (user) => user.id),
    },
    UserConnection,
    UserEdge,
  ),
}));
