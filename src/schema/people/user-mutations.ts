import { createUser, updateUser } from '../../auth/users.ts';
import { builder, type InputFields } from '../builder.ts';
import { idOf } from '../ids.ts';
import { UserNode } from '../refs.ts';
import { email, title, webUrl } from '../validators.ts';
import { UserEdge, userEdgeOf } from './user.ts';

/** `onNull` ends the descriptions: null removes a value from a user who exists. */
const profileFields = (t: InputFields, onNull: '' | '; null removes it') => ({
  title: t.string({ validate: title, description: `Job title of the user, as in "Head of sales"${onNull}.` }),
  avatarUrl: t.string({
    validate: webUrl,
    description: `URL of a picture, as in \`https://example.com/ada.png\`${onNull}.`,
  }),
  profileUrl: t.string({
    validate: webUrl,
    description: `URL of a profile page, as in \`https://example.com/ada\`${onNull}.`,
  }),
});

/**
 * The column `title` is not nullable: null in an input becomes an empty text, and an omitted one
 * stays undefined.
 */
const emptyForNull = (text: string | null | undefined) => (text === null ? '' : text);

builder.relayMutationField(
  'createUser',
  {
    description: 'The user to create.',
    inputFields: (t) => ({
      displayName: t.string({
        required: true,
        validate: title,
        description: 'Display name of the user, 1 to 500 characters.',
      }),
      ...profileFields(t, ''),
      email: t.string({
        validate: email,
        description: 'Email address, unique among users; stored in lower case.',
      }),
      isAdmin: t.boolean({
        defaultValue: false,
        description: 'Whether the user is an administrator, who may see and change everything.',
      }),
      isService: t.boolean({
        defaultValue: false,
        description:
          'Whether the user is a service account: a program, which signs in with API keys alone. It cannot be changed ' +
          'later. BAD_USER_INPUT together with an email address.',
      }),
    }),
  },
  {
    description:
      'Creates a user. The user cannot sign in before you create an API key with `createApiKey`. For ' +
      'administrators. CONFLICT when another user has the email address.',
    resolve: async (_root, { input }, context) => ({
      user: await createUser(context, {
        displayName: input.displayName,
        title: emptyForNull(input.title),
        avatarUrl: input.avatarUrl,
        profileUrl: input.profileUrl,
        email: input.email,
        isAdmin: input.isAdmin ?? undefined,
        isService: input.isService ?? undefined,
      }),
    }),
  },
  {
    description: 'The created user.',
    outputFields: (t) => ({
      user: t.field({ type: UserNode, description: 'The created user.', resolve: ({ user }) => user }),
      userEdge: t.field({
        type: UserEdge,
        description: 'The same as an edge of the list of users, so that a client can add it to its cache.',
        resolve: ({ user }) => userEdgeOf(user),
      }),
    }),
  },
);

builder.relayMutationField(
  'updateUser',
  {
    description: 'Changes to a user. Omitted fields keep their values.',
    inputFields: (t) => ({
      userId: t.id({ required: true, description: 'Id of the user, as in `User:1`.' }),
      displayName: t.string({ validate: title, description: 'Display name of the user, 1 to 500 characters.' }),
      ...profileFields(t, '; null removes it'),
      email: t.string({
        validate: email,
        description: 'Email address, unique among users; null removes it. For administrators.',
      }),
      isAdmin: t.boolean({
        description: 'Whether the user is an administrator, who may see and change everything. For administrators.',
      }),
    }),
  },
  {
    description:
      'Changes yourself, or, for administrators, any user. CONFLICT when another user has the email ' +
      'address, when no administrator would be left with a working API key, and for a removed user. ' +
      'BAD_USER_INPUT for an email address of a service account.',
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
      user: t.field({ type: UserNode, description: 'The user after the change.', resolve: ({ user }) => user }),
    }),
  },
);
