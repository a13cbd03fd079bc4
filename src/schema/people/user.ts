import { listUsers } from '../../auth/list-users.ts';
import { usersWithIdentity, usersWithKnownEmail } from '../../auth/users.ts';
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

const hasIdentity = batchLoader<number, boolean>(async (ids, context) => {
  const linked = await usersWithIdentity(context, ids);
  return ids.map((id) => linked.has(id));
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
        'Email address. Null when none is set, as for service accounts and removed users, and unless you are the user, an administrator, or a member ' +
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
    isService: t.exposeBoolean('isService', {
      description:
        'Whether the user is a service account: a program, which has no email address and signs in with API keys alone.',
    }),
    hasIdentity: t.boolean({
      description:
        'Whether tokens of an identity provider sign in as the user. The provider then sets the name, and the email ' +
        'address and the picture that it knows, whenever they change there.',
      resolve: (user, _args, context) => hasIdentity(user.id, context),
    }),
    isDisabled: t.boolean({
      description: 'Whether the user cannot sign in. An administrator can enable the user again, unless `isRemoved`.',
      resolve: (user) => user.disabledAt != null,
    }),
    isRemoved: t.boolean({
      description:
        'Whether the user was removed, and remains only as the author of files, comments and other objects. Lists ' +
        'of users leave out removed users.',
      resolve: (user) => user.removedAt != null,
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

const UserFilterInput = builder.inputType('UserFilter', {
  description: 'Selects the users of a list. Omitted fields select all of them.',
  fields: (t) => ({
    search: t.string({
      description:
        'Text in the display name, ignoring case, as in `ada`. For administrators with a key of the scope ADMIN, also ' +
        'in the email address. BAD_USER_INPUT for more than 2,000 characters.',
    }),
    isAdmin: t.boolean({ description: 'Only administrators, or only other users.' }),
    isDisabled: t.boolean({ description: 'Only users who cannot sign in, or only those who can.' }),
    isService: t.boolean({ description: 'Only service accounts, or only people.' }),
  }),
});

builder.queryFields((t) => ({
  viewer: t.field({
    type: UserNode,
    description: 'The user whose API key or token this request carries.',
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
      description: 'Users that were not removed, in the order in which they were created.',
      args: { filter: t.arg({ type: UserFilterInput, description: 'Selects users; all of them when omitted.' }) },
      resolve: (_root, args, context) => {
        const { search, isAdmin, isDisabled, isService } = args.filter ?? {};
        const filter = {
          search: search ?? undefined,
          isAdmin: isAdmin ?? undefined,
          isDisabled: isDisabled ?? undefined,
          isService: isService ?? undefined,
        };
        return connect(context, listUsers(context, filter), args, (user) => user.id);
      },
    },
    UserConnection,
    UserEdge,
  ),
}));
