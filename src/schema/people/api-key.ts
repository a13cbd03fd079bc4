import { createKey, keysOf, revokeKey } from '../../auth/api-keys.ts';
import type { KeyScope } from '../../database/entities/index.ts';
import { builder } from '../builder.ts';
import { connect, toCursor } from '../connection.ts';
import { idOf } from '../ids.ts';
import { ApiKeyNode, UserNode } from '../refs.ts';
import { title } from '../validators.ts';

const KeyScopeEnum = builder.enumType('KeyScope', {
  description: 'What an API key may be used for, as far as its user may do it.',
  values: {
    READ: { description: 'To read and to listen.' },
    WRITE: { description: 'Also to change things.' },
    ADMIN: { description: 'Also to administer: users, API keys of others, quotas, categories. For administrators.' },
  } satisfies Record<KeyScope, object>,
});

builder.objectType(ApiKeyNode, {
  description:
    'A bearer token of a user. What it reads is shown once, when it is made. For the user and for administrators.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    user: t.field({ type: UserNode, description: 'Who acts with it.', resolve: (apiKey) => apiKey.user.id }),
    name: t.exposeString('name', { description: 'What it is for.' }),
    scope: t.expose('scope', { type: KeyScopeEnum, description: 'What it may be used for.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From when on it no longer works; null for never.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked; null when it was not. A revoked key does not work.',
    }),
  }),
});

const ApiKeyEdge = builder.edgeObject({ name: 'ApiKeyEdge', description: 'An API key in a list.', type: ApiKeyNode });

builder.objectField(UserNode, 'apiKeys', (t) =>
  t.connection(
    {
      type: ApiKeyNode,
      nullable: true,
      description:
        'The API keys of the user, revoked and expired ones as well, oldest first. For the user and for administrators; null for others.',
      resolve: (user, args, context) => {
        const keys = keysOf(context, user.id);
        return keys && connect(context, keys, args, (apiKey) => apiKey.id);
      },
    },
    { name: 'ApiKeyConnection', description: 'A page of API keys.' },
    ApiKeyEdge,
  ),
);

builder.relayMutationField(
  'createApiKey',
  {
    description: 'A new API key.',
    inputFields: (t) => ({
      userId: t.id({
        description: 'Who will act with it, as in `User:1`: you, unless given. Others are for administrators.',
      }),
      name: t.string({ required: true, validate: title, description: 'What it is for; 1 to 500 characters.' }),
      scope: t.field({
        type: KeyScopeEnum,
        defaultValue: 'WRITE',
        description: 'What it may be used for; no more than the key that you make it with.',
      }),
      expiresAt: t.field({
        type: 'DateTime',
        description:
          'From when on it no longer works. Unless given: when the key ends that you make it with, or never. ' +
          'BAD_USER_INPUT for a later end than that.',
      }),
      canSign: t.boolean({
        defaultValue: false,
        description:
          'Whether requests can be signed with the key, as scripts written for Worksection do. It is then also kept encrypted. ' +
          'CONFLICT when the user has 5 such keys.',
      }),
      forWorksection: t.boolean({
        defaultValue: false,
        description: 'The older name of `canSign`.',
        deprecationReason: 'Use `canSign`.',
      }),
    }),
  },
  {
    description: 'Makes an API key. It ends no later than the key that you make it with, and may do no more.',
    resolve: (_root, { input }, context) =>
      createKey(context, {
        userId: input.userId == null ? context.viewer.userId : idOf('User', input.userId),
        name: input.name,
        scope: input.scope ?? 'WRITE',
        expiresAt: input.expiresAt ?? null,
        canSign: input.canSign || input.forWorksection || false,
      }),
  },
  {
    description: 'The new API key.',
    outputFields: (t) => ({
      apiKey: t.field({ type: ApiKeyNode, description: 'What is known of it.', resolve: (payload) => payload.apiKey }),
      apiKeyEdge: t.field({
        type: ApiKeyEdge,
        description: 'The same as an edge of the list of the user’s keys, so that a cache can append it.',
        resolve: ({ apiKey }) => ({ cursor: toCursor(apiKey.id), node: apiKey }),
      }),
      key: t.exposeString('key', {
        description:
          'The key itself. It is shown this once: its SHA-256 is kept, and the key itself, encrypted, only if it can sign. Send it as `Authorization: Bearer KEY`.',
      }),
    }),
  },
);

builder.relayMutationField(
  'revokeApiKey',
  {
    description: 'Which API key.',
    inputFields: (t) => ({ apiKeyId: t.id({ required: true, description: 'As in `ApiKey:1`.' }) }),
  },
  {
    description:
      'Ends an API key of yours, or, for administrators, of anybody: from this moment it does not work, and subscriptions under it and links made with it end. ' +
      'CONFLICT for the last with which an administrator can get in.',
    resolve: async (_root, { input }, context) => ({
      apiKey: await revokeKey(context, idOf('ApiKey', input.apiKeyId)),
    }),
  },
  {
    description: 'The revoked API key.',
    outputFields: (t) => ({
      apiKey: t.field({ type: ApiKeyNode, description: 'As it is now.', resolve: (payload) => payload.apiKey }),
    }),
  },
);
