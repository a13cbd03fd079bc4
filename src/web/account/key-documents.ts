import { readNewestFirst } from '../api/newest-first.ts';
import type { UserKeysQuery } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';

const userKeysQuery = graphql(`
  query UserKeys($userId: ID!, $last: Int!, $before: String) {
    user(id: $userId) {
      id
      apiKeys(last: $last, before: $before) {
        nodes {
          id
          name
          scope
          createdAt
          lastUsedAt
          expiresAt
          revokedAt
          canRevoke
        }
        pageInfo {
          hasPreviousPage
          startCursor
        }
      }
    }
  }
`);

export const createKey = graphql(`
  mutation CreateKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      key
      apiKey {
        id
      }
    }
  }
`);

export const revokeKey = graphql(`
  mutation RevokeKey($id: ID!) {
    revokeApiKey(input: { apiKeyId: $id }) {
      apiKey {
        id
        revokedAt
      }
    }
  }
`);

type Keys = NonNullable<NonNullable<UserKeysQuery['user']>['apiKeys']>;

export type KeyRecord = Keys['nodes'][number];

/** Reads the keys of a user, newest first. */
export const readKeys = (userId: string) => readNewestFirst(userKeysQuery, { userId }, ({ user }) => user?.apiKeys);
