import { removeUser, setDisabled } from '../../auth/user-state.ts';
import { builder, type InputFields } from '../builder.ts';
import { idOf } from '../ids.ts';
import { UserNode } from '../refs.ts';

const userId = (t: InputFields) => t.id({ required: true, description: 'Id of the user, as in `User:1`.' });

/** Adds `disableUser` or `enableUser`. */
function stateMutation(name: 'disableUser' | 'enableUser', isDisabled: boolean, description: string): void {
  const adjective = isDisabled ? 'disabled' : 'enabled';
  builder.relayMutationField(
    name,
    {
      description: `The user to ${isDisabled ? 'disable' : 'enable'}.`,
      inputFields: (t) => ({ userId: userId(t) }),
    },
    {
      description,
      resolve: async (_root, { input }, context) => ({
        user: await setDisabled(context, idOf('User', input.userId), isDisabled),
      }),
    },
    {
      description: `The ${adjective} user.`,
      outputFields: (t) => ({
        user: t.field({ type: UserNode, description: 'The user after the change.', resolve: ({ user }) => user }),
      }),
    },
  );
}

stateMutation(
  'disableUser',
  true,
  'Disables a user, who cannot sign in until you enable the user again: API keys, signed links, subscriptions and ' +
    'sockets of the user end at once. Nothing else changes. For administrators. CONFLICT for a removed user, and when ' +
    'no administrator would be left with a working API key.',
);

stateMutation(
  'enableUser',
  false,
  'Enables a disabled user, whose API keys and signed links work again unless they were revoked or have expired. For ' +
    'administrators. CONFLICT for a removed user.',
);

builder.relayMutationField(
  'removeUser',
  {
    description: 'The user to remove.',
    inputFields: (t) => ({
      userId: userId(t),
      erase: t.boolean({
        defaultValue: false,
        description:
          'Whether to erase the personal data of the user, too: the name becomes `Removed user`; title, picture and ' +
          'profile page are deleted. Also for a user who was removed before.',
      }),
    }),
  },
  {
    description:
      'Removes a user for good: API keys are revoked, memberships and entries of access lists are deleted, ' +
      'the email address becomes free, and subscriptions and sockets end at once. Files, comments and other objects ' +
      'stay, and name the user as their author. A project whose only owner is removed is managed by administrators. ' +
      'For administrators. CONFLICT when no administrator would be left with a working API key.',
    resolve: async (_root, { input }, context) => ({
      user: await removeUser(context, idOf('User', input.userId), { erase: input.erase ?? false }),
    }),
  },
  {
    description: 'The removed user.',
    outputFields: (t) => ({
      user: t.field({ type: UserNode, description: 'The user after the change.', resolve: ({ user }) => user }),
    }),
  },
);
