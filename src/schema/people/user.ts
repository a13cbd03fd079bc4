import { users, usersWithKnownEmail } from '../../auth/users.ts';
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
  description: 'A person, or a machine that acts as one. Users know of each other; what is private says so.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    displayName: t.exposeString('displayName', { description: 'What others see.' }),
    title: t.exposeString('title', {
      description: 'What the person does, as in "Head of sales"; empty when nobody said.',
    }),
    email: t.string({
      nullable: true,
      description:
        'Where to write to, if known. It is for the user, for administrators, and for those who are members of a project with the user; null for others.',
      resolve: async (user, _args, context) => ((await isEmailKnown(user.id, context)) ? user.email : null),
    }),
    avatarUrl: t.exposeString('avatarUrl', {
      nullable: true,
      description: 'Where a picture of the user lies, if there is one.',
    }),
    profileUrl: t.exposeString('profileUrl', {
      nullable: true,
      description: 'Where to read more about the user, if anywhere.',
    }),
    isAdmin: t.exposeBoolean('isAdmin', { description: 'Whether this user may see and change everything.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the user was added.' }),
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
    description: 'The user whose key this request carries.',
    resolve: (_root, _args, { viewer }) => viewer.userId,
  }),
  user: t.field({
    type: UserNode,
    nullable: true,
    description: 'A user by its id. NOT_FOUND when it does not exist.',
    args: { id: t.arg.id({ required: true, description: 'As in `User:1`.' }) },
    resolve: (_root, args) => idOf('User', args.id),
  }),
  users: t.connection(
    {
      type: UserNode,
      description: 'Every user, in the order in which they were added.',
      resolve: (_root, args, context) => connect(context, users(context), args, (user) => user.id),
    },
    UserConnection,
    UserEdge,
  ),
}));
