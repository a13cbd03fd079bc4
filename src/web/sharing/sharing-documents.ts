import { readNewestFirst } from '../api/newest-first.ts';
import type { ShareLinksQuery, UploadTokensQuery } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';

/** What is shared: a place, or a file. */
export const sharedQuery = graphql(`
  query Shared($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Project {
        title
      }
      ... on Task {
        title
      }
      ... on Comment {
        body
      }
      ... on Entity {
        title
      }
      ... on Attachable {
        viewerCanAttach
      }
      ... on File {
        name
        canEdit
      }
    }
  }
`);

const shareLinksQuery = graphql(`
  query ShareLinks($id: ID!, $last: Int!, $before: String) {
    node(id: $id) {
      id
      ... on Attachable {
        shareLinks(last: $last, before: $before) {
          ...ListedShareLinks
        }
      }
      ... on File {
        shareLinks(last: $last, before: $before) {
          ...ListedShareLinks
        }
      }
      ... on User {
        shareLinks(last: $last, before: $before) {
          ...ListedShareLinks
        }
      }
    }
  }

  fragment ListedShareLinks on ShareLinkConnection {
    nodes {
      id
      onId
      name
      hasPassword
      maxDownloads
      usedDownloads
      createdAt
      expiresAt
      revokedAt
      canRevoke
      createdBy {
        id
        displayName
      }
    }
    pageInfo {
      hasPreviousPage
      startCursor
    }
  }
`);

const uploadTokensQuery = graphql(`
  query UploadTokens($id: ID!, $last: Int!, $before: String) {
    node(id: $id) {
      id
      ... on Attachable {
        uploadTokens(last: $last, before: $before) {
          ...ListedUploadTokens
        }
      }
      ... on User {
        uploadTokens(last: $last, before: $before) {
          ...ListedUploadTokens
        }
      }
    }
  }

  fragment ListedUploadTokens on UploadTokenConnection {
    nodes {
      id
      onId
      contentTypes
      maxFiles
      usedFiles
      maxBytes
      usedBytes
      createdAt
      expiresAt
      revokedAt
      canRevoke
      createdBy {
        id
        displayName
      }
    }
    pageInfo {
      hasPreviousPage
      startCursor
    }
  }
`);

export const createShareLink = graphql(`
  mutation CreateShareLink($input: CreateShareLinkInput!) {
    createShareLink(input: $input) {
      url
      shareLink {
        id
      }
    }
  }
`);

export const revokeShareLink = graphql(`
  mutation RevokeShareLink($id: ID!) {
    revokeShareLink(input: { shareLinkId: $id }) {
      shareLink {
        id
        revokedAt
      }
    }
  }
`);

export const createUploadToken = graphql(`
  mutation CreateUploadToken($input: CreateUploadTokenInput!) {
    createUploadToken(input: $input) {
      token
      uploadToken {
        id
      }
    }
  }
`);

export const revokeUploadToken = graphql(`
  mutation RevokeUploadToken($id: ID!) {
    revokeUploadToken(input: { uploadTokenId: $id }) {
      uploadToken {
        id
        revokedAt
      }
    }
  }
`);

type In<Query extends { node: unknown }, List extends string> = NonNullable<
  Extract<NonNullable<Query['node']>, Record<List, unknown>>[List]
>;
export type ShareLinkRecord = In<ShareLinksQuery, 'shareLinks'>['nodes'][number];
export type UploadTokenRecord = In<UploadTokensQuery, 'uploadTokens'>['nodes'][number];

/** Reads the share links of a place or a file, or those that a user created, newest first. */
export const readShareLinks = (id: string) =>
  readNewestFirst(shareLinksQuery, { id }, ({ node }) => (node && 'shareLinks' in node ? node.shareLinks : undefined));

/** Reads the upload tokens of a place, or those that a user created, newest first. */
export const readUploadTokens = (id: string) =>
  readNewestFirst(uploadTokensQuery, { id }, ({ node }) =>
    node && 'uploadTokens' in node ? node.uploadTokens : undefined,
  );
