import { cancelUpload, keyOfUpload, placeOfUpload, unfinishedUploadsOf } from '../../uploads/unfinished-uploads.ts';
import { accessOf } from '../access-loader.ts';
import { builder } from '../builder.ts';
import { connect } from '../connection.ts';
import { encodeId, uploadIdOf } from '../ids.ts';
import { UnfinishedUploadNode, UploadTokenNode, UserNode } from '../refs.ts';

builder.objectType(UnfinishedUploadNode, {
  description:
    'An upload by tus or `createUploadUrl` that is not complete. It counts towards the limits of unfinished uploads ' +
    'of its user. Its `id` ends with that of its tus URL, `/uploads/ID`, and with the `uploadId` of ' +
    '`createUploadUrl`, which grants nothing without the credentials of the upload. For the user and administrators.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description:
        'Name that the file will have, as in `plan.pdf`. A partial upload, which becomes no file by itself, has its own.',
    }),
    contentType: t.exposeString('contentType', {
      description: 'Media type that the client declared, as in `video/mp4`; an empty string when it declared none.',
    }),
    size: t.expose('length', {
      type: 'ByteSize',
      nullable: true,
      description: 'Size of the whole file in bytes; null while the client has not declared it.',
    }),
    receivedBytes: t.expose('received', {
      type: 'ByteSize',
      description:
        'Bytes that the server has stored durably. During a request, it is updated about every 16 MiB. 0 for an ' +
        'upload by `createUploadUrl`, whose bytes the object store receives.',
    }),
    startedAt: t.field({
      type: 'DateTime',
      description:
        'Time at which it was created; for one from before the server recorded this, the time of the upgrade.',
      resolve: ({ startedAt }) => new Date(startedAt),
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'Time at which the server deletes it, unless it receives more bytes before.',
    }),
    onId: t.id({
      nullable: true,
      description:
        'Id of the attachable to which the file will be attached, as in `Task:1`. Null when there is none, for the ' +
        'next version of a file, and unless you may see the attachable.',
      resolve: async (row, _args, context) => {
        const on = placeOfUpload(row);
        return on && (await accessOf(on, context)) ? encodeId(on.type, on.id) : null;
      },
    }),
    uploadToken: t.field({
      type: UploadTokenNode,
      nullable: true,
      description: 'The upload token with which a guest uploads it; null for an upload of the user.',
      resolve: ({ uploadToken }) => uploadToken?.id,
    }),
  }),
});

const UnfinishedUploadEdge = builder.edgeObject({
  name: 'UnfinishedUploadEdge',
  description: 'An unfinished upload in a list.',
  type: UnfinishedUploadNode,
});

builder.objectField(UserNode, 'unfinishedUploads', (t) =>
  t.connection(
    {
      type: UnfinishedUploadNode,
      nullable: true,
      description:
        'Unfinished uploads of the user, oldest first. Those of guests with upload tokens of the user are among them, ' +
        'because their bytes count for the user; their number counts for the token alone. Null unless you are the ' +
        'user or an administrator with a key of the scope ADMIN.',
      resolve: (user, args, context) => {
        const list = unfinishedUploadsOf(context, user.id);
        return list && connect(context, list, args, keyOfUpload);
      },
    },
    { name: 'UnfinishedUploadConnection', description: 'A page of unfinished uploads.' },
    UnfinishedUploadEdge,
  ),
);

builder.relayMutationField(
  'cancelUpload',
  {
    description: 'The unfinished upload to cancel.',
    inputFields: (t) => ({
      uploadId: t.id({
        required: true,
        description:
          'Id of an `UnfinishedUpload`. The id in a tus URL and the `uploadId` of `createUploadUrl` are valid as well.',
      }),
    }),
  },
  {
    description:
      'Cancels an unfinished upload of yours, of a guest with an upload token of yours, or, for administrators with a ' +
      'key of the scope ADMIN, of any user: the same as DELETE by tus. Its bytes are deleted, and no longer count. A ' +
      'request that still sends to it fails. NOT_FOUND when it does not exist or has expired; CONFLICT when it is ' +
      'complete, or was joined into another upload.',
    resolve: async (_root, { input }, context) => {
      const id = uploadIdOf(input.uploadId);
      await cancelUpload(context, id);
      return { id };
    },
  },
  {
    description: 'The upload that was cancelled.',
    outputFields: (t) => ({
      cancelledUploadId: t.id({
        description: 'Id of the cancelled `UnfinishedUpload`, to drop from your cache.',
        resolve: ({ id }) => encodeId('UnfinishedUpload', id),
      }),
    }),
  },
);
