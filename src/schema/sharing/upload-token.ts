import type { UploadToken } from '../../database/entities/index.ts';
import {
  canRevokeUploadTokens,
  contentTypesOf,
  createUploadToken,
  placeOf,
  revokeUploadToken,
  uploadTokensOf,
  uploadTokensOn,
} from '../../sharing/upload-tokens.ts';
import { accessOfRow } from '../access-loader.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import { connect, toCursor } from '../connection.ts';
import { attachableOf, encodeId, idOf } from '../ids.ts';
import { AttachableInterface, UploadTokenNode, UserNode } from '../refs.ts';

const canRevoke = batchLoader<UploadToken, boolean>((tokens, context) => canRevokeUploadTokens(context, tokens));

builder.objectType(UploadTokenNode, {
  description:
    'An upload token: its bearer uploads files to one place, in the name of its creator, and may do nothing ' +
    'else. The token itself is returned once, when it is created. For its creator, for users who may edit the ' +
    'place, and for administrators.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The numeric part of `id`, as in `1`.' }),
    onId: t.id({
      description: 'Id of the attachable to which the files are added, as in `Task:1`.',
      resolve: (row) => encodeId(row.onType, placeOf(row).id),
    }),
    createdBy: t.field({
      type: UserNode,
      description: 'The user with whose rights, and in whose name, files are uploaded.',
      resolve: (row) => row.createdBy.id,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of creation.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Time at which the token stops working.' }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Time at which the token was revoked; null when it is not revoked. A revoked token does not work.',
    }),
    canRevoke: t.boolean({
      description:
        'Whether you may revoke the token: you created it, or you manage the place that it is for. Also true for one ' +
        'that is revoked already.',
      resolve: (row, _args, context) => canRevoke(row, context),
    }),
    maxFiles: t.exposeInt('maxFiles', { description: 'Number of files that the token accepts in all, as in `20`.' }),
    maxBytes: t.expose('maxBytes', { type: 'ByteSize', description: 'Bytes that the token accepts in all.' }),
    usedFiles: t.exposeInt('usedFiles', {
      description:
        'Number of files that were added with the token, also those removed since, and of unfinished uploads.',
    }),
    usedBytes: t.expose('usedBytes', { type: 'ByteSize', description: 'Bytes of these files and unfinished uploads.' }),
    contentTypes: t.stringList({
      description:
        'Media types that the token accepts, as in `application/pdf` or `image/*`; empty when it accepts all.',
      resolve: contentTypesOf,
    }),
  }),
});

const UploadTokenEdge = builder.edgeObject({
  name: 'UploadTokenEdge',
  description: 'An upload token in a list.',
  type: UploadTokenNode,
});
const UploadTokenConnection = builder.connectionObject(
  { name: 'UploadTokenConnection', description: 'A page of upload tokens.', type: UploadTokenNode },
  UploadTokenEdge,
);

const listed = 'including revoked ones, and expired ones for 30 days, oldest first';

builder.objectField(UserNode, 'uploadTokens', (t) =>
  t.connection(
    {
      type: UploadTokenNode,
      nullable: true,
      description: `Upload tokens that the user created, ${listed}. Null unless you are the user or an administrator.`,
      resolve: (user, args, context) => {
        const list = uploadTokensOf(context, user.id);
        return list && connect(context, list, args, (row) => row.id);
      },
    },
    UploadTokenConnection,
    UploadTokenEdge,
  ),
);

builder.interfaceField(AttachableInterface, 'uploadTokens', (t) =>
  t.connection(
    {
      type: UploadTokenNode,
      nullable: true,
      description: `Upload tokens for this object, ${listed}. Null unless you may edit the object.`,
      resolve: async (row, args, context, info) => {
        const access = await accessOfRow(row, context, info);
        const list = access && uploadTokensOn(context, access);
        return list && connect(context, list, args, (token) => token.id);
      },
    },
    UploadTokenConnection,
    UploadTokenEdge,
  ),
);

builder.relayMutationField(
  'createUploadToken',
  {
    description: 'The upload token to create.',
    inputFields: (t) => ({
      on: t.id({
        required: true,
        description: 'Id of the attachable to which files may be added, as in `Task:1`. You must be able to edit it.',
      }),
      expiresIn: t.int({
        required: true,
        description:
          'Lifetime in seconds, 60 to 7,776,000 (90 days), as in `3600`. BAD_USER_INPUT when the token would end later ' +
          'than the API key of this request.',
      }),
      maxFiles: t.int({
        defaultValue: 100,
        description: 'Number of files that the token accepts in all, 1 to 10,000.',
      }),
      maxBytes: t.field({
        type: 'ByteSize',
        defaultValue: 1_073_741_824,
        description: 'Bytes that the token accepts in all. The limits of the server and of the project apply as well.',
      }),
      contentTypes: t.stringList({
        description:
          'At most 20 media types that the token accepts, as in `application/pdf` or `image/*`; all when omitted. ' +
          'They are compared with the type that the content of a file proves.',
      }),
    }),
  },
  {
    description:
      'Creates an upload token, with which a browser without an account uploads files to one place: by ' +
      '`uploadWithToken`, by `createUploadUrlWithToken`, or by tus. It works with your rights at the time of each ' +
      'upload, and ends when the API key of this request ends, or when you are disabled or removed; a token of an ' +
      'identity provider may end before it. CONFLICT when you have 10,000 valid ones.',
    resolve: (_root, { input }, context) =>
      createUploadToken(context, {
        on: attachableOf(input.on),
        expiresIn: input.expiresIn,
        maxFiles: input.maxFiles ?? 100,
        maxBytes: input.maxBytes ?? 1_073_741_824,
        contentTypes: input.contentTypes ?? [],
      }),
  },
  {
    description: 'The created upload token.',
    outputFields: (t) => ({
      uploadToken: t.field({
        type: UploadTokenNode,
        description: 'The created upload token, without the token itself.',
        resolve: (payload) => payload.uploadToken,
      }),
      uploadTokenEdge: t.field({
        type: UploadTokenEdge,
        description: 'The same as an edge of the lists of upload tokens, so that a client can add it to its cache.',
        resolve: ({ uploadToken }) => ({ cursor: toCursor(uploadToken.id), node: uploadToken }),
      }),
      token: t.exposeString('token', {
        description:
          'The token itself, to be sent as `Authorization: Bearer TOKEN`. Only this response contains it: the ' +
          'server stores its SHA-256.',
      }),
    }),
  },
);

builder.relayMutationField(
  'revokeUploadToken',
  {
    description: 'The upload token to revoke.',
    inputFields: (t) => ({
      uploadTokenId: t.id({ required: true, description: 'Id of the upload token, as in `UploadToken:1`.' }),
    }),
  },
  {
    description:
      'Revokes an upload token at once: also uploads that have begun fail. FORBIDDEN unless you created it, manage ' +
      'the place that it is for, or are an administrator.',
    resolve: async (_root, { input }, context) => ({
      uploadToken: await revokeUploadToken(context, idOf('UploadToken', input.uploadTokenId)),
    }),
  },
  {
    description: 'The revoked upload token.',
    outputFields: (t) => ({
      uploadToken: t.field({
        type: UploadTokenNode,
        description: 'The upload token after the change.',
        resolve: (payload) => payload.uploadToken,
      }),
    }),
  },
);
