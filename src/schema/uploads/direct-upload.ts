import { completeDirectUpload, createDirectUpload, type DirectUpload } from '../../uploads/direct-upload.ts';
import { builder, type InputFields, type SchemaTypes } from '../builder.ts';
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
    name: t.exposeString('name', { description: 'Name of the header, in lower case.' }),
    value: t.exposeString('value', { description: 'Value of the header.' }),
  }),
});

/** The input fields of a file whose content the client sends to the storage. */
export const declaredFile = (t: InputFields) => ({
  filename: t.string({ required: true, description: 'File name with its extension, as in `film.mp4`.' }),
  contentType: t.string({
    description: 'Declared media type, as in `video/mp4`. The type detected from the content takes precedence.',
  }),
  size: t.field({ type: 'ByteSize', required: true, description: 'Size of the content in bytes.' }),
  sha256: t.string({ required: true, description: 'SHA-256 of the content, as 64 hexadecimal digits.' }),
});

/** The builder of the fields of a payload with a direct upload. */
type DirectUploadFields = PothosSchemaTypes.ObjectFieldBuilder<
  PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>,
  DirectUpload
>;

/** The fields of a payload that say how the client sends the content. */
export const presignedUrl = (t: DirectUploadFields) => ({
  uploadUrl: t.exposeString('url', {
    description: 'The presigned URL. It requires no other credentials, so keep it secret.',
  }),
  method: t.string({ description: 'HTTP method to use: PUT.', resolve: () => 'PUT' }),
  headers: t.field({
    type: [HttpHeader],
    description: 'Headers to send with the content.',
    resolve: ({ headers }) => Object.entries(headers).map(([name, value]) => ({ name, value })),
  }),
  expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Time at which the URL stops working.' }),
});

builder.relayMutationField(
  'createUploadUrl',
  {
    description: 'A file that the client uploads directly to the storage.',
    inputFields: (t) => ({
      ...declaredFile(t),
      on: t.id({
        description:
          'Id of the attachable to attach the file to, as in `Task:1`; when omitted, it is attached to nothing.',
      }),
      ...aboutFile(t),
    }),
  },
  {
    description:
      'Returns a URL to upload a file to with `PUT`, directly to S3. Afterwards, call `completeUpload`. ' +
      'BAD_USER_INPUT when the server does not store files in S3. Rights and limits are checked here.',
    resolve: (_root, { input }, context) =>
      createDirectUpload(context, {
        claim: { name: input.filename, contentType: input.contentType ?? '' },
        size: Number(input.size),
        sha256: input.sha256,
        options: { ...optionsOf(input), on: input.on == null ? undefined : attachableOf(input.on) },
      }),
  },
  {
    description: 'The URL to upload to.',
    outputFields: (t) => ({
      uploadId: t.id({ description: 'Id of the upload, for `completeUpload`.', resolve: ({ upload }) => upload.id }),
      ...presignedUrl(t),
    }),
  },
);

builder.relayMutationField(
  'completeUpload',
  {
    description: 'The upload to complete.',
    inputFields: (t) => ({
      uploadId: t.id({ required: true, description: 'The `uploadId` that `createUploadUrl` returned.' }),
    }),
  },
  {
    description:
      'Creates the file of a direct upload. Calling it again returns the same file. CONFLICT when nothing was ' +
      'uploaded yet, and for an upload that was refused before; BAD_USER_INPUT when the content has another size or ' +
      'SHA-256: upload it again.',
    resolve: async (_root, { input }, context) => {
      const { file } = await completeDirectUpload(context, input.uploadId);
      return { fileId: file?.id ?? 0 };
    },
  },
  {
    description: 'The created file.',
    outputFields: (t) => ({
      file: t.field({ type: FileNode, description: 'The created file.', resolve: ({ fileId }) => fileId }),
    }),
  },
);
