import type { File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { getFile } from '../../files/load-files.ts';
import { completeDirectUpload, createDirectUpload } from '../../uploads/direct-upload.ts';
import { builder } from '../builder.ts';
import { FileErrorType } from '../files/files-payload.ts';
import { forGuests, uploadContextOf } from '../guests.ts';
import { encodeId } from '../ids.ts';
import { declaredFile, presignedUrl } from '../uploads/direct-upload.ts';
import { idempotency, upload } from '../uploads/upload.ts';

/** The mutations of guests with an upload token. Their payloads refer to no type of users. */

const UploadedFile = builder.objectRef<Row<File>>('GuestFile').implement({
  description: 'A file that was uploaded with an upload token.',
  fields: (t) => ({
    fileId: t.id({
      description: 'Id of the file, as in `File:1`, for users who may see it.',
      resolve: ({ id }) => encodeId('File', id),
    }),
    name: t.exposeString('name', { description: 'File name with its extension, as the server stored it.' }),
    size: t.expose('size', { type: 'ByteSize', description: 'Size of the content in bytes.' }),
    sha256: t.exposeString('sha256', { description: 'SHA-256 of the content, as 64 hexadecimal digits.' }),
    contentType: t.exposeString('contentType', { description: 'Media type of the content, as in `image/png`.' }),
  }),
});

const onlyGuests = 'FORBIDDEN for requests with an API key: only for requests with an upload token.';

builder.relayMutationField(
  'uploadWithToken',
  {
    description: 'The files to upload.',
    inputFields: (t) => ({
      files: t.field({
        type: ['Upload'],
        required: true,
        description: 'One or more files, each a part of the multipart request.',
      }),
      idempotencyKey: idempotency(t),
    }),
  },
  {
    description:
      'Uploads files to the attachable of the upload token. Each file is stored or fails independently, also when it ' +
      `exceeds what the token accepts (INSUFFICIENT_STORAGE). ${onlyGuests}`,
    extensions: forGuests('upload'),
    resolve: (_root, { input }, context) => {
      const guest = uploadContextOf(context);
      return upload(guest, input, guest.uploadGrant.on);
    },
  },
  {
    description: 'The stored files, and the errors of the others.',
    outputFields: (t) => ({
      files: t.field({
        type: [UploadedFile],
        description: 'The files that were stored, in the order in which they were given.',
        resolve: ({ files }) => files,
      }),
      errors: t.field({
        type: [FileErrorType],
        description: 'The files that were not stored, with the reasons; empty when all were stored.',
        resolve: ({ errors }) => errors,
      }),
    }),
  },
);

builder.relayMutationField(
  'createUploadUrlWithToken',
  { description: 'A file that the client uploads directly to the storage.', inputFields: (t) => declaredFile(t) },
  {
    description:
      'Returns a URL to upload a file to with `PUT`, directly to S3. Afterwards, call `completeUploadWithToken`. ' +
      `BAD_USER_INPUT when the server does not store files in S3. ${onlyGuests}`,
    extensions: forGuests('upload'),
    resolve: (_root, { input }, context) => {
      const guest = uploadContextOf(context);
      return createDirectUpload(guest, {
        claim: { name: input.filename, contentType: input.contentType ?? '' },
        size: Number(input.size),
        sha256: input.sha256,
        options: { on: guest.uploadGrant.on },
      });
    },
  },
  {
    description: 'The URL to upload to.',
    outputFields: (t) => ({
      uploadId: t.id({
        description: 'Id of the upload, for `completeUploadWithToken`.',
        resolve: ({ upload }) => upload.id,
      }),
      ...presignedUrl(t),
    }),
  },
);

builder.relayMutationField(
  'completeUploadWithToken',
  {
    description: 'The upload to complete.',
    inputFields: (t) => ({
      uploadId: t.id({ required: true, description: 'The `uploadId` that `createUploadUrlWithToken` returned.' }),
    }),
  },
  {
    description:
      'Creates the file of a direct upload. Calling it again returns the same file. CONFLICT when nothing was ' +
      'uploaded yet, and for an upload that was refused before; BAD_USER_INPUT when the content has another size or ' +
      `SHA-256: upload it again. ${onlyGuests}`,
    extensions: forGuests('upload'),
    resolve: async (_root, { input }, context) => {
      const guest = uploadContextOf(context);
      const { file } = await completeDirectUpload(guest, input.uploadId);
      return { file: await getFile(guest, file?.id ?? 0) };
    },
  },
  {
    description: 'The created file.',
    outputFields: (t) => ({
      file: t.field({ type: UploadedFile, description: 'The created file.', resolve: ({ file }) => file }),
    }),
  },
);
