import { fileOrigins, fileStatuses } from '../../attachments/update-file.ts';
import { signLink } from '../../auth/signed-links.ts';
import type { File, FileOrigin, FileStatus } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { readContent } from '../../files/download.ts';
import { isImage } from '../../files/inspect/content-type.ts';
import { listVersions, loadFileAccess } from '../../files/load-files.ts';
import { boxFor, canHaveThumbnail } from '../../files/thumbnail.ts';
import { MAX_BATCH } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { idOf } from '../ids.ts';
import { AttachableInterface, FileNode, UserNode } from '../refs.ts';
import { reserveTexts } from '../reserve-texts.ts';

const described = <Value extends string>(values: readonly Value[], descriptions: Record<Value, string>) =>
  Object.fromEntries(values.map((value) => [value, { description: descriptions[value] }])) as {
    [Each in Value]: { description: string };
  };

export const FileStatusEnum = builder.enumType('FileStatus', {
  description: 'Where a file stands in its review. A file that nobody reviews has none.',
  values: described<FileStatus>(fileStatuses, {
    APPROVED: 'Somebody looked at it, and it is good.',
    PENDING: 'It waits for somebody to look at it.',
    REQUIRED: 'It has to be done again.',
  }),
});

export const FileOriginEnum = builder.enumType('FileOrigin', {
  description: 'What somebody was doing when the file was uploaded.',
  values: described<FileOrigin>(fileOrigins, {
    TASK_PANEL: 'Working on the task.',
    REWORK: 'Doing it again after a review.',
    FEEDBACK: 'Saying what to do again.',
  }),
});

const FileEncodingEnum = builder.enumType('FileEncoding', {
  description: 'How content is written inside of JSON.',
  values: { BASE64: { description: 'https://www.rfc-editor.org/rfc/rfc4648#section-4' } },
});

builder.objectType(FileNode, {
  description:
    'One version of a stored file. Its bytes are safe on disk from the moment that you first hear of it. ' +
    'Listings show the newest version.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The number in the id.' }),
    name: t.exposeString('name', { description: 'What it is called, with its extension; at most 255 bytes of UTF-8.' }),
    size: t.expose('size', { type: 'ByteSize', description: 'The length of its content.' }),
    contentType: t.exposeString('contentType', {
      description:
        'What it is, as in `image/png`: told from its content, and from the claim of the uploader only where content cannot tell.',
    }),
    charset: t.string({
      nullable: true,
      description:
        'Of a text, how its characters are written, as in `utf-8` or `windows-1251`: what the uploader declared as the ' +
        'parameter `charset` of its type, else what its bytes prove. Null where neither tells, and of other files.',
      resolve: (file) => file.charset || null,
    }),
    sha256: t.exposeString('sha256', { description: 'SHA-256 of its content, in hex.' }),
    isImage: t.boolean({
      description: 'Whether its content is an image.',
      resolve: (file) => isImage(file.contentType),
    }),
    width: t.exposeInt('width', {
      nullable: true,
      description: 'Of an image as it is shown, in pixels, where its header says so.',
    }),
    height: t.exposeInt('height', {
      nullable: true,
      description: 'Of an image as it is shown, in pixels, where its header says so.',
    }),
    url: t.string({
      description:
        'Where its content is downloaded, with the same credentials as here. Ranges work. With `expiresIn`, a link that ' +
        'works without credentials, as in an `<img>`, for whoever has it: until it expires, the file is removed, you may ' +
        'not see it any more, or the API key ends that you made it with.',
      args: {
        expiresIn: t.arg.int({ description: 'For how many seconds the link works: 1 to 604800, which is a week.' }),
      },
      resolve(file, { expiresIn }, context) {
        const url = `${context.publicUrl}/files/${file.id}/content`;
        if (expiresIn == null) return url;
        return `${url}?token=${tokenFor(file, expiresIn, context)}`;
      },
    }),
    thumbnailUrl: t.string({
      nullable: true,
      description:
        'Where a small picture of it is, as WebP, which fits into a width and a height, made when it is first asked for; of ' +
        'what moves, its first picture. Null of what is no JPEG, PNG, WebP, GIF, AVIF or TIFF, or is too large. A link as with `url`.',
      args: {
        width: t.arg.int({ defaultValue: 256, description: 'In pixels; it has this, or the next of 32, 64 … 2048.' }),
        height: t.arg.int({ defaultValue: 256, description: 'In pixels; it has this, or the next of 32, 64 … 2048.' }),
        expiresIn: t.arg.int({ description: 'For how many seconds the link works: 1 to 604800, which is a week.' }),
      },
      resolve(file, { width, height, expiresIn }, context) {
        const box = boxFor({ width: width ?? 256, height: height ?? 256 });
        if (!canHaveThumbnail(file)) return null;
        const url = `${context.publicUrl}/files/${file.id}/thumbnail?width=${box.width}&height=${box.height}`;
        return expiresIn == null ? url : `${url}&token=${tokenFor(file, expiresIn, context)}`;
      },
    }),
    content: t.string({
      nullable: true,
      description:
        "Its content, for small files: PAYLOAD_TOO_LARGE over the server's MAX_INLINE_SIZE (10 MiB unless set). Prefer `url`.",
      args: {
        encoding: t.arg({ type: FileEncodingEnum, defaultValue: 'BASE64', description: 'How it is written.' }),
      },
      resolve: async (file, _args, context) => (await readContent(context, file.id)).toString('base64'),
    }),
    version: t.exposeInt('version', { description: 'Which version of the file this is, from 1.' }),
    versions: t.loadableList({
      type: FileNode,
      description:
        'Every version of the file that you may see, newest first, this one included. Each can be downloaded.',
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
      description: 'Where it stands in its review; null when nobody reviews it.',
    }),
    available: t.exposeBoolean('available', {
      description:
        'Whether everybody who sees where it hangs sees it. If not, those do who edit the place that it belongs to, and its uploader as long as that place is seen.',
    }),
    createdFrom: t.expose('createdFrom', {
      type: FileOriginEnum,
      description: 'What somebody was doing when it was uploaded.',
    }),
    createdBy: t.field({ type: UserNode, description: 'Who uploaded it.', resolve: (file) => file.createdBy.id }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was uploaded.' }),
    updatedBy: t.field({
      type: UserNode,
      description: 'Who last changed its name, status or availability; at first, the uploader.',
      resolve: (file) => file.updatedBy.id,
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When it was last changed; at first, uploaded.',
    }),
    attachedTo: t.loadableList({
      type: AttachableInterface,
      description: 'What it hangs on, as far as you may see that. All versions of a file hang on the same.',
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

const tokenFor = (file: Row<File>, expiresIn: number, { linkSecret, viewer, now }: GraphQLContext) =>
  signLink(linkSecret, viewer, file.id, expiresIn, now());

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
          'Listen with it as `after`, and you hear of everything that this page may not show yet. Null for files of everywhere.',
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
    description: 'A file by its id. NOT_FOUND when it does not exist or you may not see it.',
    args: { id: t.arg.id({ required: true, description: 'As in `File:1`.' }) },
    resolve: (_root, args) => idOf('File', args.id),
  }),
);
