import type { ShareLink } from '../../database/entities/index.ts';
import {
  canRevokeShareLinks,
  createShareLink,
  filesWithVisibleLinks,
  placeOf,
  revokeShareLink,
  shareLinksOf,
  shareLinksOfFile,
  shareLinksOn,
} from '../../sharing/share-links.ts';
import { accessOfRow } from '../access-loader.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import { connect, toCursor } from '../connection.ts';
import { attachableOf, encodeId, idOf } from '../ids.ts';
import { AttachableInterface, FileNode, ShareLinkNode, UserNode } from '../refs.ts';
import { optionalTitle } from '../validators.ts';

const canRevoke = batchLoader<ShareLink, boolean>((links, context) => canRevokeShareLinks(context, links));

builder.objectType(ShareLinkNode, {
  description:
    'A share link: its bearer lists and downloads the files of one place, or one file, and may do nothing else. ' +
    'Its token is returned once, when it is created. For its creator, for users who may edit the place, and for ' +
    'administrators.',
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
        'Whether you may revoke the link: you created it, or you manage the place that it is for. Also true for one ' +
        'that is revoked already.',
      resolve: (row, _args, context) => canRevoke(row, context),
    }),
  }),
});

const ShareLinkEdge = builder.edgeObject({
  name: 'ShareLinkEdge',
  description: 'A share link in a list.',
  type: ShareLinkNode,
});
const ShareLinkConnection = builder.connectionObject(
  { name: 'ShareLinkConnection', description: 'A page of share links.', type: ShareLinkNode },
  ShareLinkEdge,
);

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

builder.relayMutationField(
  'createShareLink',
  {
    description: 'The share link to create.',
    inputFields: (t) => ({
      on: t.id({
        description:
          'Id of the attachable whose files are shared, as in `Task:1`; files of what is in it are not. You must be ' +
          'able to edit it. Give either this or `fileId`.',
      }),
      fileId: t.id({
        description:
          'Id of any version of the file that is shared, as in `File:1`: guests get its newest version. You must be ' +
          'able to change it.',
      }),
      name: t.string({
        defaultValue: '',
        validate: optionalTitle,
        description: 'Heading that guests see, at most 500 characters.',
      }),
      expiresIn: t.int({
        required: true,
        description:
          'Lifetime in seconds, 60 to 7,776,000 (90 days), as in `86400`. BAD_USER_INPUT when the link would end later ' +
          'than the API key of this request.',
      }),
      password: t.string({ description: 'Password that guests need, 8 to 200 characters; none when omitted.' }),
      maxDownloads: t.int({
        description:
          'Number of downloads that the link permits in all, 1 to 100000, as in `1`; unlimited when omitted. Each ' +
          'request for a file or for all files as a ZIP counts, except ranges that continue a download.',
      }),
    }),
  },
  {
    description:
      'Creates a share link, with which anybody lists and downloads files without an account, by `share`. It shows ' +
      'available files while you may share them, and ends when the API key of this request ends, or when you are ' +
      'disabled or removed; a token of an identity provider may end before it. CONFLICT when you have 10,000 valid ones.',
    resolve: (_root, { input }, context) =>
      createShareLink(context, {
        on: input.on == null ? undefined : attachableOf(input.on),
        fileId: input.fileId == null ? undefined : idOf('File', input.fileId),
        name: input.name ?? '',
        expiresIn: input.expiresIn,
        password: input.password ?? undefined,
        maxDownloads: input.maxDownloads ?? undefined,
      }),
  },
  {
    description: 'The created share link.',
    outputFields: (t) => ({
      shareLink: t.field({
        type: ShareLinkNode,
        description: 'The created share link, without its token.',
        resolve: (payload) => payload.shareLink,
      }),
      shareLinkEdge: t.field({
        type: ShareLinkEdge,
        description: 'The same as an edge of the lists of share links, so that a client can add it to its cache.',
        resolve: ({ shareLink }) => ({ cursor: toCursor(shareLink.id), node: shareLink }),
      }),
      token: t.exposeString('token', {
        description:
          'The token of the link, to be sent as `Authorization: Bearer TOKEN`. Only this response contains it: the ' +
          'server stores its SHA-256.',
      }),
      url: t.string({
        description:
          'URL of a page that lists the files for people. The token is in its fragment, which browsers send to no server.',
        resolve: ({ token }, _args, { publicUrl }) => `${publicUrl}/share#${token}`,
      }),
    }),
  },
);

builder.relayMutationField(
  'revokeShareLink',
  {
    description: 'The share link to revoke.',
    inputFields: (t) => ({
      shareLinkId: t.id({ required: true, description: 'Id of the share link, as in `ShareLink:1`.' }),
    }),
  },
  {
    description:
      'Revokes a share link at once, with the URLs of its files. FORBIDDEN unless you created it, manage the place ' +
      'that it is for, or are an administrator.',
    resolve: async (_root, { input }, context) => ({
      shareLink: await revokeShareLink(context, idOf('ShareLink', input.shareLinkId)),
    }),
  },
  {
    description: 'The revoked share link.',
    outputFields: (t) => ({
      shareLink: t.field({
        type: ShareLinkNode,
        description: 'The share link after the change.',
        resolve: (payload) => payload.shareLink,
      }),
    }),
  },
);
