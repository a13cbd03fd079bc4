import { createShareLink, revokeShareLink } from '../../sharing/share-links.ts';
import { builder } from '../builder.ts';
import { attachableOf, idOf } from '../ids.ts';
import { ShareLinkNode } from '../refs.ts';
import { optionalTitle } from '../validators.ts';
import { ShareLinkEdge, shareLinkEdgeOf } from './share-link.ts';

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
        resolve: ({ shareLink }) => shareLinkEdgeOf(shareLink),
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
      'Revokes a share link at once, with the URLs of its files. FORBIDDEN unless you created it, manage the ' +
      'attachable that it is for, or are an administrator.',
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
