import { isImage } from '../attachments/content-type.ts';
import { removeFile } from '../attachments/remove.ts';
import { builder } from './builder.ts';
import { encodeId, idOf } from './ids.ts';
import { FileNode, UserNode } from './refs.ts';

builder.objectType(FileNode, {
  description: 'A stored file. Its bytes are safe on disk from the moment that you first hear of it.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    name: t.exposeString('name', { description: 'What it is called, with its extension; at most 255 bytes of UTF-8.' }),
    size: t.expose('size', { type: 'ByteSize', description: 'The length of its content.' }),
    contentType: t.exposeString('contentType', {
      description:
        'What it is, as in `image/png`: told from its content, and from the claim of the uploader only where content cannot tell.',
    }),
    sha256: t.exposeString('sha256', { description: 'SHA-256 of its content, in hex.' }),
    isImage: t.boolean({
      description: 'Whether its content is an image.',
      resolve: (file) => isImage(file.contentType),
    }),
    url: t.string({
      description: 'Where its content is downloaded, with the same credentials as here. Ranges work.',
      resolve: (file, _args, { publicUrl }) => `${publicUrl}/files/${file.id}/content`,
    }),
    createdBy: t.field({
      type: UserNode,
      description: 'Who uploaded it.',
      resolve: (file) => file.createdBy.id,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was uploaded.' }),
  }),
});

export const FileEdge = builder.edgeObject({
  name: 'FileEdge',
  description: 'A file in a list.',
  type: FileNode,
});

export const FileConnection = builder.connectionObject(
  { name: 'FileConnection', description: 'A page of files.', type: FileNode },
  FileEdge,
);

builder.queryField('file', (t) =>
  t.field({
    type: FileNode,
    nullable: true,
    description: 'A file by its id. NOT_FOUND when it does not exist or you may not see it.',
    args: { id: t.arg.id({ required: true, description: 'As in `File:1`.' }) },
    resolve: (_root, args) => idOf('File', args.id),
  }),
);

builder.relayMutationField(
  'removeFile',
  {
    description: 'Which file.',
    inputFields: (t) => ({ fileId: t.id({ required: true, description: 'As in `File:1`.' }) }),
  },
  {
    description: 'Removes a file from everything it hangs on, and its content. Downloads under way end whole.',
    resolve: async (_root, { input }, context) => {
      const id = idOf('File', input.fileId);
      await removeFile(context, id);
      return { removedFileId: encodeId('File', id) };
    },
  },
  {
    description: 'What was removed.',
    outputFields: (t) => ({
      removedFileId: t.exposeID('removedFileId', {
        description: 'The id that now leads nowhere; drop it from your cache.',
      }),
    }),
  },
);
