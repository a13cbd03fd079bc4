import type { Connection, ReadPage } from '../api/use-pages.ts';
import type { OpenUploadSessionsQuery, UnfinishedUploadsQuery } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';

const unfinishedUploadsQuery = graphql(`
  query UnfinishedUploads($userId: ID!, $first: Int!, $after: String) {
    user(id: $userId) {
      id
      unfinishedUploads(first: $first, after: $after) {
        nodes {
          id
          name
          size
          receivedBytes
          startedAt
          expiresAt
          onId
          uploadToken {
            id
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

const openUploadSessionsQuery = graphql(`
  query OpenUploadSessions($userId: ID!, $first: Int!, $after: String) {
    user(id: $userId) {
      id
      uploadSessions(first: $first, after: $after) {
        nodes {
          id
          openedAt
          lastUsedAt
          pendingFiles
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export const cancelUnfinishedUpload = graphql(`
  mutation CancelUnfinishedUpload($id: ID!) {
    cancelUpload(input: { uploadId: $id }) {
      cancelledUploadId
    }
  }
`);

type Uploads = NonNullable<NonNullable<UnfinishedUploadsQuery['user']>['unfinishedUploads']>;
type Sessions = NonNullable<NonNullable<OpenUploadSessionsQuery['user']>['uploadSessions']>;

export type UploadRecord = Uploads['nodes'][number];
export type SessionRecord = Sessions['nodes'][number];

/** A list that the viewer may not see is empty. */
const EMPTY = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };

/** Reads the unfinished uploads of a user, oldest first. */
export const readUploads =
  (userId: string): ReadPage<Connection<UploadRecord>> =>
  async (client, request) => {
    const variables = { userId, ...request };
    const { data, error } = await client.query(unfinishedUploadsQuery, variables, { requestPolicy: 'network-only' });
    return { page: data && (data.user?.unfinishedUploads ?? EMPTY), error };
  };

/** Reads the open upload sessions of a user, oldest first. */
export const readSessions =
  (userId: string): ReadPage<Connection<SessionRecord>> =>
  async (client, request) => {
    const variables = { userId, ...request };
    const { data, error } = await client.query(openUploadSessionsQuery, variables, { requestPolicy: 'network-only' });
    return { page: data && (data.user?.uploadSessions ?? EMPTY), error };
  };
