import { completeDirectUpload, createDirectUpload } from '../../uploads/direct-upload.ts';
import { builder } from '../builder.ts';
import { attachableOf } from '../ids.ts';
import { FileNode } from '../refs.ts';
import { aboutFile, optionsOf } from './upload.ts';

interface Header {
  name: string;
  value: string;
}

const HttpHeader = builder.objectRef<Header>('HttpHeader').implement({
  description: 'A header of an HTTP request.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'In lower case.' }),
    value: t.exposeString('value', { description: 'To be sent as it is.' }),
  }),
});

builder.relayMutationField(
  'createUploadUrl',
  {
    description: 'A big file that the client puts into the store itself.',
    inputFields: (t) => ({
      filename: t.string({ required: true, description: 'What it is called, with its extension.' }),
      contentType: t.string({ description: 'What it is said to be, as in `video/mp4`; its first bytes count more.' }),
      size: t.field({ type: 'ByteSize', required: true, description: 'How many bytes it has.' }),
      sha256: t.string({ required: true, description: 'Of its content, as 64 hexadecimal digits.' }),
      on: t.id({ description: 'What it is to hang on, as in `Task:1`; nothing yet, when left out.' }),
      ...aboutFile(t),
    }),
  },
  {
    description:
      'Where a big file can be put with `PUT`, past this server: then `completeUpload` makes a file of it. Only where files are ' +
      'kept in S3; elsewhere BAD_USER_INPUT. What may not be uploaded is refused here.',
    resolve: (_root, { input }, context) =>
      createDirectUpload(context, {
        claim: { name: input.filename, contentType: input.contentType ?? '' },
        size: Number(input.size),
        sha256: input.sha256,
        options: { ...optionsOf(input), on: input.on == null ? undefined : attachableOf(input.on) },
      }),
  },
  {
    description: 'Where to put it.',
    outputFields: (t) => ({
      uploadId: t.id({ description: 'For `completeUpload`.', resolve: ({ upload }) => upload.id }),
      uploadUrl: t.exposeString('url', { description: 'It needs no other credentials, so it is for nobody else.' }),
      method: t.string({ description: 'Of the request: PUT.', resolve: () => 'PUT' }),
      headers: t.field({
        type: [HttpHeader],
        description: 'They have to come with the bytes.',
        resolve: ({ headers }) => Object.entries(headers).map(([name, value]) => ({ name, value })),
      }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it can be put there.' }),
    }),
  },
);

builder.relayMutationField(
  'completeUpload',
  {
    description: 'An upload whose bytes were put into the store.',
    inputFields: (t) => ({ uploadId: t.id({ required: true, description: 'Of `createUploadUrl`.' }) }),
  },
  {
    description:
      'Makes a file of what was put into the store. Asked again, it answers the same file. CONFLICT while nothing is there; ' +
      'BAD_USER_INPUT when it is not what was said: then it may be put again.',
    resolve: async (_root, { input }, context) => {
      const { file } = await completeDirectUpload(context, input.uploadId);
      return { fileId: file?.id ?? 0 };
    },
  },
  {
    description: 'The file.',
    outputFields: (t) => ({
      file: t.field({ type: FileNode, description: 'As it is kept.', resolve: ({ fileId }) => fileId }),
    }),
  },
);
