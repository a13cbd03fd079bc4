import type { File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { canHaveThumbnail } from '../../files/thumbnail.ts';
import { type SharedSubject, sharedPath } from '../../sharing/shared-file-url.ts';
import { listSharedFiles } from '../../sharing/shared-files.ts';
import { builder } from '../builder.ts';
import { connect, type Page } from '../connection.ts';
import type { GraphQLContext } from '../context.ts';
import { SCAN } from '../cost.ts';
import { forGuests, type ShareContext, shareContextOf } from '../guests.ts';
import { encodeId } from '../ids.ts';

/** The query of guests with a share link. Its types refer to no type of users. */

const urlOf = (context: GraphQLContext, subject: SharedSubject): string =>
  `${context.publicUrl}${sharedPath(context, shareContextOf(context).grant, subject)}`;

const SharedFile = builder.objectRef<Row<File>>('SharedFile').implement({
  description: 'A file as the bearer of a share link sees it: an available file in its newest version.',
  fields: (t) => ({
    fileId: t.id({
      description: 'Id of the file, as in `File:1`, for users who may see it.',
      resolve: ({ id }) => encodeId('File', id),
    }),
    name: t.exposeString('name', { description: 'File name with its extension.' }),
    size: t.expose('size', { type: 'ByteSize', description: 'Size of the content in bytes.' }),
    contentType: t.exposeString('contentType', { description: 'Media type of the content, as in `image/png`.' }),
    sha256: t.exposeString('sha256', { description: 'SHA-256 of the content, as 64 hexadecimal digits.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of upload.' }),
    url: t.string({
      description:
        'Download URL, which works without credentials for an hour, while the link is valid, shows the file and has ' +
        'downloads left. It supports range requests.',
      resolve: ({ id }, _args, context) => urlOf(context, `file ${id}`),
    }),
    thumbnailUrl: t.string({
      nullable: true,
      description:
        'URL of a thumbnail of at most 256 × 256 pixels, as WebP, which works as `url` does and is no download. Null ' +
        'for a file that is no image. FORBIDDEN when the link has no downloads left.',
      resolve: (file, _args, context) => (canHaveThumbnail(file) ? urlOf(context, `thumbnail ${file.id}`) : null),
    }),
  }),
});

// No connection: Relay's edges hold nodes that `node` returns by their ids, which guests cannot
// use.
const SharedFileList = builder.objectRef<Page<Row<File>>>('SharedFileList').implement({
  description: 'A page of shared files.',
  fields: (t) => ({
    nodes: t.field({
      type: [SharedFile],
      description: 'The files of this page.',
      resolve: ({ edges }) => edges.map(({ node }) => node),
    }),
    pageInfo: t.field({
      type: builder.pageInfoRef(),
      description: 'The cursors of this page, and whether more pages follow or precede it.',
      resolve: ({ pageInfo }) => pageInfo,
    }),
    totalCount: t.int({
      description: 'Number of files that the link shows. It is counted only when a query selects it.',
      resolve({ count }, _args, { budget }) {
        budget.addCost(SCAN);
        return count();
      },
    }),
  }),
});

const Share = builder.objectRef<ShareContext>('Share').implement({
  description: 'What a share link shows to its bearer.',
  fields: (t) => ({
    name: t.string({
      description: 'Heading that the creator of the link chose; an empty string when there is none.',
      resolve: ({ grant }) => grant.name,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'Time at which the link stops working.',
      resolve: ({ grant }) => grant.expiresAt,
    }),
    downloadsLeft: t.int({
      nullable: true,
      description:
        'Number of downloads that the link still permits: of a file, or of all files by `zipUrl`. Null without a limit. ' +
        'Range requests with the same URL from the same address continue one for an hour.',
      resolve: ({ grant }) => grant.downloadsLeft,
    }),
    zipUrl: t.string({
      description:
        'URL of all files as one ZIP archive, which works without credentials for an hour, while the link is valid ' +
        'and has downloads left. It counts as one download.',
      resolve: (_share, _args, context) => urlOf(context, 'zip'),
    }),
    files: t.field({
      type: SharedFileList,
      description:
        'The shared files, oldest first: those that are available and that the creator of the link may see at ' +
        'this moment. NOT_FOUND when the creator has lost access to the attachable.',
      args: {
        first: t.arg.int({
          description:
            'Number of files to return: at most 100, and 25 when omitted. A larger number is BAD_USER_INPUT.',
        }),
        after: t.arg.string({
          description: 'Return the files that follow this `endCursor` of the same list. Any other is BAD_USER_INPUT.',
        }),
      },
      resolve: async ({ creator, grant }, args) => {
        const list = await listSharedFiles(creator, grant);
        return connect(creator, list, args, list.keyOf);
      },
    }),
  }),
});

builder.queryField('share', (t) =>
  t.field({
    type: Share,
    description:
      'What the share link of this request shows: send its token as `Authorization: Bearer TOKEN`, and its ' +
      'password, if there is one, percent-encoded in the header `Share-Password`. FORBIDDEN for requests with an API key.',
    extensions: forGuests('share'),
    resolve: (_root, _args, context) => shareContextOf(context),
  }),
);
