import { canRevokeKey, createKey, keysOf, revokeKey } from '../../auth/api-keys.ts';
import type { KeyScope } from '../../database/entities/index.ts';
import { builder } from '../builder.ts';
import { connect, toCursor } from '../connection.ts';
import { idOf } from '../ids.ts';
import { ApiKeyNode, UserNode } from '../refs.ts';
import { title } from '../validators.ts';

const KeyScopeEnum = builder.enumType('KeyScope', {
  description: 'Permissions of an API key. A key never permits more than its user may do.',
  values: {
    READ: { description: 'Read and subscribe.' },
    WRITE: { description: 'Also change data.' },
    ADMIN: {
      description:
        'Also administer: users, API keys of other users, quotas and categories. Effective only for ' +
        'administrators.',
    },
  } satisfies Record<KeyScope, object>,
});

builder.objectType(ApiKeyNode, {
  description:
    'An API key: a bearer token of a user. The token itself is returned once, when the key is created. ' +
    'For the user and administrators.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The numeric part of `id`, as in `1`.' }),
    user: t.field({
      type: UserNode,
      description: 'The user that requests with this key act as.',
      resolve: (apiKey) => apiKey.user.id,
    }),
    name: t.exposeString('name', { description: 'Name of the key, for people.' }),
    scope: t.expose('scope', { type: KeyScopeEnum, description: 'Permissions of the key.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of creation.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Time at which the key stops working; null when it does not expire.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Time at which the key was revoked; null when it is not revoked. A revoked key does not work.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'Time at which the key, or a signed link of it, was last used, to about five minutes; null when it was not ' +
        'used since the server records this.',
    }),
    canRevoke: t.boolean({
      description:
        'Whether this request may revoke the key: not with a key of the scope READ, nor with one of a narrower scope ' +
        'than that of the key. Also true for a key that is revoked already.',
      resolve: (apiKey, _args, context) => canRevokeKey(context, apiKey),
    }),
  }),
});

builder.queryField('viewerScope', (t) =>
  t.field({
    type: KeyScopeEnum,
    description:
      'What the API key of this request permits, or the token of an identity provider, whose scope is in its claims. ' +
      'ADMIN is effective only while `viewer.isAdmin`. Fields such as `canEdit` and `viewerCanAttach` already ' +
      'consider it.',
    resolve: (_root, _args, { viewer }) => viewer.scope,
  }),
);

const ApiKeyEdge = builder.edgeObject({ name: 'ApiKeyEdge', description: 'An API key in a list.', type: ApiKeyNode });

builder.objectField(UserNode, 'apiKeys', (t) =>
  t.connection(
    {
      type: ApiKeyNode,
      nullable: true,
      description:
        'API keys of the user, including revoked and expired ones, oldest first. Null unless you are the ' +
        'user or an administrator.',
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
    description: 'The API key to create.',
    inputFields: (t) => ({
      userId: t.id({
        description:
          'Id of the user of the key, as in `User:1`; yourself when omitted. Only administrators may name ' +
          'another user.',
      }),
      name: t.string({ required: true, validate: title, description: 'Name of the key, 1 to 500 characters.' }),
      scope: t.field({
        type: KeyScopeEnum,
        defaultValue: 'WRITE',
        description: 'Permissions of the key, at most those of the key or token of this request.',
      }),
      expiresAt: t.field({
        type: 'DateTime',
        description:
          'Time at which the key stops working. When omitted, it expires with the key of this request, or ' +
          'never if that does not expire; with a token of an identity provider, it expires with the token or ' +
          'after the days that the server allows. BAD_USER_INPUT for a time later than that.',
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
    description:
      'Creates an API key. It expires no later than the key of this request, and permits no more. With a ' +
      'token of an identity provider, the server may allow a later end.',
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
    description: 'The created API key.',
    outputFields: (t) => ({
      apiKey: t.field({
        type: ApiKeyNode,
        description: 'The created API key, without its token.',
        resolve: (payload) => payload.apiKey,
      }),
      apiKeyEdge: t.field({
        type: ApiKeyEdge,
        description:
          'The same as an edge of the list of API keys of the user, so that a client can add it to its cache.',
        resolve: ({ apiKey }) => ({ cursor: toCursor(apiKey.id), node: apiKey }),
      }),
      key: t.exposeString('key', {
        description:
          'The key itself, to be sent as `Authorization: Bearer KEY`. Only this response contains it: the server stores its SHA-256, and, only for a key that can sign, the encrypted key.',
      }),
    }),
  },
);

builder.relayMutationField(
  'revokeApiKey',
  {
    description: 'The API key to revoke.',
    inputFields: (t) => ({ apiKeyId: t.id({ required: true, description: 'Id of the API key, as in `ApiKey:1`.' }) }),
  },
  {
    description:
      'Revokes an API key of yours, or, for administrators, of any user. The key, its subscriptions and ' +
      'its signed links end at once. CONFLICT when no administrator would be left with a working key.',
    resolve: async (_root, { input }, context) => ({
      apiKey: await revokeKey(context, idOf('ApiKey', input.apiKeyId)),
    }),
  },
  {
    description: 'The revoked API key.',
    outputFields: (t) => ({
      apiKey: t.field({
        type: ApiKeyNode,
        description: 'The API key after the change.',
        resolve: (payload) => payload.apiKey,
      }),
    }),
  },
);
