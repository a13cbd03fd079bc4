import type { ShareLink } from '../../database/entities/index.ts';
import {
  canRevokeShareLinks,
  filesWithVisibleLinks,
  placeOf,
  shareLinksOf,
  shareLinksOfFile,
  shareLinksOn,
} from '../../sharing/share-links.ts';
import { accessOfRow } from '../access-loader.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import { connect, toCursor } from '../connection.ts';
import { encodeId } from '../ids.ts';
import { AttachableInterface, FileNode, ShareLinkNode, UserNode } from '../refs.ts';

const canRevoke = batchLoader<ShareLink, boolean>((links, context) => canRevokeShareLinks(context, links));

builder.objectType(ShareLinkNode, {
  description:
    'A share link: its bearer lists and downloads the files of one attachable, or one file, and may do nothing ' +
    'else. Its token is returned once, when it is created. For its creator, for users who may edit the attachable, ' +
    'and for administrators.',
  fields: (t) => ({
    databaseId: t.exposeInt('id', { description: 'The numeric part of `id`, as in `1`.' }),
    name: t.exposeString('name', { description: 'Heading that guests see; an empty string when none is set.' }),
    onId: t.id({
      nullable: true,
      description: 'Id of the attachable whose files are shared, as in `Task:1`; null for the link of one file.',
      resolve: (row) => {
        const place = placeOf(row);
        return place ? encodeId(place.type, place.id) : null;
      },
    }),
    createdBy: t.field({
      type: UserNode,
      description: 'The user with whose rights guests read.',
      resolve: (row) => row.createdBy.id,
    }),
    hasPassword: t.boolean({
      description: 'Whether guests need a password.',
      resolve: ({ passwordHash }) => passwordHash != null,
    }),
    maxDownloads: t.exposeInt('maxDownloads', {
      nullable: true,
      description: 'Number of downloads that the link permits in all, as in `1`; null without a limit.',
    }),
    usedDownloads: t.int({
      nullable: true,
      description: 'Number of downloads so far; null for a link without a limit, which does not count them.',
      resolve: ({ maxDownloads, usedDownloads }) => (maxDownloads == null ? null : usedDownloads),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of creation.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Time at which the link stops working.' }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Time at which the link was revoked; null when it is not revoked. A revoked link does not work.',
    }),
    canRevoke: t.boolean({
      description:
        'Whether you may revoke the link: you created it, or you manage the attachable that it is for. Also true for one ' +
        'that is revoked already.',
      resolve: (row, _args, context) => canRevoke(row, context),
    }),
  }),
});

export const ShareLinkEdge = builder.edgeObject({
  name: 'ShareLinkEdge',
  description: 'A share link in a list.',
  type: ShareLinkNode,
});
const ShareLinkConnection = builder.connectionObject(
  { name: 'ShareLinkConnection', description: 'A page of share links.', type: ShareLinkNode },
  ShareLinkEdge,
);

export const shareLinkEdgeOf = (row: ShareLink) => ({ cursor: toCursor(row.id), node: row });

const listed = 'including revoked ones, and expired ones for 30 days, oldest first';

builder.objectField(UserNode, 'shareLinks', (t) =>
  t.connection(
    {
      type: ShareLinkNode,
      nullable: true,
      description: `Share links that the user created, ${listed}. Null unless you are the user or an administrator.`,
      resolve: (user, args, context) => {
        const list = shareLinksOf(context, user.id);
        return list && connect(context, list, args, (row) => row.id);
      },
    },
    ShareLinkConnection,
    ShareLinkEdge,
  ),
);

builder.interfaceField(AttachableInterface, 'shareLinks', (t) =>
  t.connection(
    {
      type: ShareLinkNode,
      nullable: true,
      description: `Share links of this object, ${listed}. Null unless you may edit the object.`,
      resolve: async (row, args, context, info) => {
        const access = await accessOfRow(row, context, info);
        const list = access && shareLinksOn(context, access);
        return list && connect(context, list, args, (link) => link.id);
      },
    },
    ShareLinkConnection,
    ShareLinkEdge,
  ),
);

const areLinksVisible = batchLoader<number, boolean>(async (ids, context) => {
  const visible = await filesWithVisibleLinks(context, ids);
  return ids.map((id) => visible.has(id));
});

builder.objectField(FileNode, 'shareLinks', (t) =>
  t.connection(
    {
      type: ShareLinkNode,
      nullable: true,
      description:
        `Share links of this file alone, whichever its version, ${listed}. Null unless you may edit the attachable ` +
        'that the file belongs to, or uploaded this version: then only those that you created.',
      resolve: async (file, args, context) => {
        const list = shareLinksOfFile(context, file, await areLinksVisible(file.id, context));
        return list && connect(context, list, args, (link) => link.id);
      },
    },
    ShareLinkConnection,
    ShareLinkEdge,
  ),
);
