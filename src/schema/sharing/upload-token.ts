import type { UploadToken } from '../../database/entities/index.ts';
import {
  canRevokeUploadTokens,
  contentTypesOf,
  placeOf,
  uploadTokensOf,
  uploadTokensOn,
} from '../../sharing/upload-tokens.ts';
import { accessOfRow } from '../access-loader.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import { connect, toCursor } from '../connection.ts';
import { encodeId } from '../ids.ts';
import { AttachableInterface, UploadTokenNode, UserNode } from '../refs.ts';

const canRevoke = batchLoader<UploadToken, boolean>((tokens, context) => canRevokeUploadTokens(context, tokens));

builder.objectType(UploadTokenNode, {
  description:
    'An upload token: its bearer uploads files to one attachable, in the name of its creator, and may do ' +
    'nothing else. The token itself is returned once, when it is created. For its creator, for users who may edit ' +
    'the attachable, and for administrators.',
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
        'Whether you may revoke the token: you created it, or you manage the attachable that it is for. Also true for ' +
        'one that is revoked already.',
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

export const UploadTokenEdge = builder.edgeObject({
  name: 'UploadTokenEdge',
  description: 'An upload token in a list.',
  type: UploadTokenNode,
});
const UploadTokenConnection = builder.connectionObject(
  { name: 'UploadTokenConnection', description: 'A page of upload tokens.', type: UploadTokenNode },
  UploadTokenEdge,
);

export const uploadTokenEdgeOf = (row: UploadToken) => ({ cursor: toCursor(row.id), node: row });

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
