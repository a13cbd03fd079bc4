import { signLink } from '../../auth/signed-links.ts';
import { readContent } from '../../files/download.ts';
import { isImage } from '../../files/inspect/content-type.ts';
import { listVersions, loadFileAccess } from '../../files/load-files.ts';
import { boxFor, canHaveThumbnail } from '../../files/thumbnail.ts';
import { MAX_BATCH } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import { encodeId, idOf } from '../ids.ts';
import { userOf } from '../people/loaded-users.ts';
import { AttachableInterface, FileNode, UserNode } from '../refs.ts';
import { reserveTexts } from '../reserve-texts.ts';
import { FileEncodingEnum, FileOriginEnum, FileStatusEnum } from './file-enums.ts';

builder.objectType(FileNode, {
  description:
    'One version of a stored file. Its content is durably stored before the file appears in any response ' +
    'or event. Lists show the newest version of each file.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The numeric part of `id`, as in `1`.' }),
    name: t.exposeString('name', { description: 'File name with its extension, at most 255 bytes in UTF-8.' }),
    size: t.expose('size', { type: 'ByteSize', description: 'Size of the content in bytes.' }),
    contentType: t.exposeString('contentType', {
      description:
        'Media type, as in `image/png`. It is detected from the content; the type that the uploader declared ' +
        'is used only where the content does not determine it.',
    }),
    charset: t.string({
      nullable: true,
      description:
        'Character encoding of a text file, as in `utf-8` or `windows-1251`: the `charset` parameter that ' +
        'the uploader declared, or else the encoding that the content proves. Null when neither is known, and ' +
        'for files that are not text.',
      resolve: (file) => file.charset || null,
    }),
    sha256: t.exposeString('sha256', { description: 'SHA-256 of the content, as 64 hexadecimal digits.' }),
    isImage: t.boolean({
      description: 'Whether the content is an image.',
      resolve: (file) => isImage(file.contentType),
    }),
    width: t.exposeInt('width', {
      nullable: true,
      description:
        'Width of an image as displayed, in pixels; null when the file is no image or its header does not ' +
        'contain it.',
    }),
    height: t.exposeInt('height', {
      nullable: true,
      description:
        'Height of an image as displayed, in pixels; null when the file is no image or its header does not ' +
        'contain it.',
    }),
    url: t.string({
      description:
        'Download URL. It requires the same credentials as this API and supports range requests. With ' +
        '`expiresIn`, it is a signed link that works without credentials for everyone who has it, as in an ' +
        '`<img>`, until it expires, the file is removed, you lose access to the file, or the API key of this ' +
        'request ends. A link that is requested with a token of an identity provider does not end with the token.',
      args: {
        expiresIn: t.arg.int({
          description:
            'Lifetime of a signed link in seconds, 1 to 604,800 (one week). When omitted, the URL is not signed.',
        }),
      },
      resolve(file, { expiresIn }, context) {
        const url = `${context.publicUrl}/files/${file.id}/content`;
        if (expiresIn == null) return url;
        return `${url}?token=${signLink(context, `file ${file.id}`, expiresIn)}`;
      },
    }),
    thumbnailUrl: t.string({
      nullable: true,
      description:
        'URL of a WebP thumbnail that fits into `width` and `height`; the server makes it on the first ' +
        'request. Of an animation, it shows the first frame. Null when the file is no JPEG, PNG, WebP, GIF, ' +
        'AVIF or TIFF, or is too large. With `expiresIn`, a signed link as in `url`.',
      args: {
        width: t.arg.int({
          defaultValue: 256,
          description: 'Maximum width in pixels: this size, or the next of 32, 64, 128 … 2,048.',
        }),
        height: t.arg.int({
          defaultValue: 256,
          description: 'Maximum height in pixels: this size, or the next of 32, 64, 128 … 2,048.',
        }),
        expiresIn: t.arg.int({
          description:
            'Lifetime of a signed link in seconds, 1 to 604,800 (one week). When omitted, the URL is not signed.',
        }),
      },
      resolve(file, { width, height, expiresIn }, context) {
        const box = boxFor({ width: width ?? 256, height: height ?? 256 });
        if (!canHaveThumbnail(file)) return null;
        const url = `${context.publicUrl}/files/${file.id}/thumbnail?width=${box.width}&height=${box.height}`;
        return expiresIn == null ? url : `${url}&token=${signLink(context, `file ${file.id}`, expiresIn)}`;
      },
    }),
    content: t.string({
      nullable: true,
      description:
        'Content of a small file. PAYLOAD_TOO_LARGE for a file larger than the MAX_INLINE_SIZE of the ' +
        'server, which is 10 MiB unless configured. Prefer `url`.',
      args: {
        encoding: t.arg({ type: FileEncodingEnum, defaultValue: 'BASE64', description: 'Encoding of the content.' }),
      },
      resolve: async (file, _args, context) => (await readContent(context, file.id)).toString('base64'),
    }),
    version: t.exposeInt('version', { description: 'Number of this version, counted from 1.' }),
    versions: t.loadableList({
      type: FileNode,
      description: 'All versions of the file that you may see, newest first, including this one.',
      resolve: (file) => file.versionGroup,
      loaderOptions: { maxBatchSize: MAX_BATCH },
      load: async (versionGroups: string[], context) => {
        const versions = await context.budget.lookUp(() => listVersions(context, versionGroups));
        return versionGroups.map((versionGroup) => versions.get(versionGroup) ?? []);
      },
    }),
    status: t.expose('status', {
      type: FileStatusEnum,
      nullable: true,
      description: 'Review status; null when the file needs no review.',
    }),
    available: t.exposeBoolean('available', {
      description:
        'Whether all users who may see what the file is attached to may see the file. Otherwise only users ' +
        'who may edit the attachable that it belongs to see it, and its uploader while the uploader may see ' +
        'that attachable.',
    }),
    createdFrom: t.expose('createdFrom', {
      type: FileOriginEnum,
      description: 'Step of the work in which the file was uploaded.',
    }),
    createdBy: t.field({
      type: UserNode,
      description: 'The user who uploaded this version.',
      resolve: (file, _args, context) => userOf(context, file.createdBy.id),
    }),
    uploadTokenId: t.id({
      nullable: true,
      description:
        'Id of the upload token with which a guest uploaded this version in the name of `createdBy`, as in ' +
        '`UploadToken:1`. Null when a user uploaded it. The id remains when the token is no longer listed.',
      resolve: ({ uploadTokenId }) => (uploadTokenId == null ? null : encodeId('UploadToken', uploadTokenId)),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of upload.' }),
    updatedBy: t.field({
      type: UserNode,
      description: 'The user who last changed the name, status or availability; at first, the uploader.',
      resolve: (file, _args, context) => userOf(context, file.updatedBy.id),
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'Time of the last change of the name, status or availability; at first, the time of upload.',
    }),
    attachedTo: t.loadableList({
      type: AttachableInterface,
      description:
        'The attachables that the file is attached to and that you may see. All versions of a file are attached ' +
        'to the same ones.',
      resolve: (file) => file.id,
      loaderOptions: { maxBatchSize: MAX_BATCH },
      load: async (ids: number[], context) => {
        const seen = await context.budget.lookUp(() => loadFileAccess(context, ids));
        const places = new Set([...seen.values()].flatMap((file) => file.places.map((place) => place.row)));
        await reserveTexts(context, places);
        return ids.map((id) => seen.get(id)?.places.map((place) => place.row) ?? []);
      },
    }),
  }),
});

export const FileEdge = builder.edgeObject({
  name: 'FileEdge',
  description: 'A file in a list.',
  type: FileNode,
});

export const FileConnection = builder.connectionObject(
  {
    name: 'FileConnection',
    description: 'A page of files.',
    type: FileNode,
    fields: (t) => ({
      eventCursor: t.string({
        nullable: true,
        description:
          'Position in the log of events as of this page. Subscribe with it as `after` to get every event that ' +
          'this page may not reflect yet. Null for lists that do not belong to one attachable.',
        resolve: (connection) => (connection as { eventCursor?: string }).eventCursor ?? null,
      }),
    }),
  },
  FileEdge,
);

builder.queryField('file', (t) =>
  t.field({
    type: FileNode,
    nullable: true,
    description: 'Returns a file. NOT_FOUND when it does not exist or you may not see it.',
    args: { id: t.arg.id({ required: true, description: 'Id of the file, as in `File:1`.' }) },
    resolve: (_root, args) => idOf('File', args.id),
  }),
);
