import { createUser, updateUser } from '../../auth/users.ts';
import { builder, type InputFields } from '../builder.ts';
import { idOf } from '../ids.ts';
import { UserNode } from '../refs.ts';
import { email, title, webUrl } from '../validators.ts';
import { UserEdge, userEdgeOf } from './user.ts';

const profileFields = (t: InputFields) => ({
  title: t.string({ validate: title, description: 'What the person does, as in "Head of sales"; null for nothing.' }),
  avatarUrl: t.string({ validate: webUrl, description: 'Where a picture lies, as in `https://…`; null for nowhere.' }),
  profileUrl: t.string({ validate: webUrl, description: 'Where to read more, as in `https://…`; null for nowhere.' }),
});

/** A title is never null in its table; what is left out of an input is not null either. */
const emptyForNull = (text: string | null | undefined) => (text === null ? '' : text);

builder.relayMutationField(
  'createUser',
  {
    description: 'A new user.',
    inputFields: (t) => ({
      displayName: t.string({ required: true, validate: title, description: 'What others see; 1 to 500 characters.' }),
      ...profileFields(t),
      email: t.string({
        validate: email,
        description: 'Where to write to. No two users have the same; kept in lower case.',
      }),
      isAdmin: t.boolean({ defaultValue: false, description: 'Whether it may see and change everything.' }),
    }),
  },
  {
    description:
      'Adds a user, who can do nothing until you make an API key with `createApiKey`. For administrators. CONFLICT when the address is another’s.',
    resolve: async (_root, { input }, context) => ({
      user: await createUser(context, {
        displayName: input.displayName,
        title: emptyForNull(input.title),
        avatarUrl: input.avatarUrl,
        profileUrl: input.profileUrl,
        email: input.email,
        isAdmin: input.isAdmin ?? undefined,
      }),
    }),
  },
  {
    description: 'The new user.',
    outputFields: (t) => ({
      user: t.field({ type: UserNode, description: 'As it was added.', resolve: ({ user }) => user }),
      userEdge: t.field({
        type: UserEdge,
        description: 'The same as an edge of the list of users, so that a cache can append it.',
        resolve: ({ user }) => userEdgeOf(user),
      }),
    }),
  },
);

builder.relayMutationField(
  'updateUser',
  {
    description: 'What to change of a user. What is left out stays as it is.',
    inputFields: (t) => ({
      userId: t.id({ required: true, description: 'Who, as in `User:1`.' }),
      displayName: t.string({ validate: title, description: 'What others see; 1 to 500 characters.' }),
      ...profileFields(t),
      email: t.string({ validate: email, description: 'Where to write to; null for nowhere. For administrators.' }),
      isAdmin: t.boolean({ description: 'Whether it may see and change everything. For administrators.' }),
    }),
  },
  {
    description:
      'Changes a user: yourself, or, for administrators, anybody. CONFLICT when the address is another’s, or when no administrator with a working API key would be left.',
    resolve: async (_root, { input }, context) => ({
      user: await updateUser(context, idOf('User', input.userId), {
        displayName: input.displayName ?? undefined,
        title: emptyForNull(input.title),
        avatarUrl: input.avatarUrl,
        profileUrl: input.profileUrl,
        email: input.email,
        isAdmin: input.isAdmin ?? undefined,
      }),
    }),
  },
  {
    description: 'The changed user.',
    outputFields: (t) => ({
      user: t.field({ type: UserNode, description: 'As it is now.', resolve: ({ user }) => user }),
    }),
  },
);
