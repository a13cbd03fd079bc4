import { createUploadToken, revokeUploadToken } from '../../sharing/upload-tokens.ts';
import { builder } from '../builder.ts';
import { attachableOf, idOf } from '../ids.ts';
import { UploadTokenNode } from '../refs.ts';
import { UploadTokenEdge, uploadTokenEdgeOf } from './upload-token.ts';

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
      'Creates an upload token, with which a browser without an account uploads files to one attachable: by ' +
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
        resolve: ({ uploadToken }) => uploadTokenEdgeOf(uploadToken),
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
      'the attachable that it is for, or are an administrator.',
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
