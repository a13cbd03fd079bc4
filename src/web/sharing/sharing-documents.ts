import { readNewestFirst } from '../api/newest-first.ts';
import type { PlaceUploadTokensQuery, ShareLinksFragment } from '../generated/graphql.ts';
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

export const shareLinksFragment = graphql(`
  fragment ShareLinks on ShareLinkConnection {
    nodes {
      id
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

const shareLinksQuery = graphql(`
  query ShareLinksOf($id: ID!, $last: Int!, $before: String) {
    node(id: $id) {
      id
      ... on Attachable {
        shareLinks(last: $last, before: $before) {
          ...ShareLinks
        }
      }
      ... on File {
        shareLinks(last: $last, before: $before) {
          ...ShareLinks
        }
      }
    }
  }
`);

const uploadTokensQuery = graphql(`
  query PlaceUploadTokens($id: ID!, $last: Int!, $before: String) {
    node(id: $id) {
      id
      ... on Attachable {
        uploadTokens(last: $last, before: $before) {
          nodes {
            id
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
      }
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
export type ShareLinkRecord = ShareLinksFragment['nodes'][number];
export type UploadTokenRecord = In<PlaceUploadTokensQuery, 'uploadTokens'>['nodes'][number];

/** Reads the share links of a place or a file, newest first. */
export const readShareLinks = (id: string) =>
  readNewestFirst(shareLinksQuery, { id }, ({ node }) => (node && 'shareLinks' in node ? node.shareLinks : undefined));

/** Reads the upload tokens of a place, newest first. */
export const readUploadTokens = (id: string) =>
  readNewestFirst(uploadTokensQuery, { id }, ({ node }) =>
    node && 'uploadTokens' in node ? node.uploadTokens : undefined,
  );
