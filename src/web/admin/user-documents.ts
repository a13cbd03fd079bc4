import type { Connection, ReadPage } from '../api/use-pages.ts';
import type { UserFilter, UsersQuery } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';

const usersQuery = graphql(`
  query Users($first: Int!, $after: String, $filter: UserFilter) {
    users(first: $first, after: $after, filter: $filter) {
      nodes {
        id
        displayName
        email
        isAdmin
        isService
        isDisabled
        createdAt
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const managedUserQuery = graphql(`
  query ManagedUser($id: ID!) {
    user(id: $id) {
      id
      displayName
      title
      email
      isAdmin
      isService
      isDisabled
      isRemoved
      createdAt
    }
  }
`);

export const createUser = graphql(`
  mutation CreateUser($input: CreateUserInput!) {
    createUser(input: $input) {
      user {
        id
      }
    }
  }
`);

export const updateUser = graphql(`
  mutation UpdateUser($input: UpdateUserInput!) {
    updateUser(input: $input) {
      user {
        id
      }
    }
  }
`);

export const disableUser = graphql(`
  mutation DisableUser($id: ID!) {
    disableUser(input: { userId: $id }) {
      user {
        id
      }
    }
  }
`);

export const enableUser = graphql(`
  mutation EnableUser($id: ID!) {
    enableUser(input: { userId: $id }) {
      user {
        id
      }
    }
  }
`);

export const removeUser = graphql(`
  mutation RemoveUser($id: ID!, $erase: Boolean!) {
    removeUser(input: { userId: $id, erase: $erase }) {
      user {
        id
      }
    }
  }
`);

export type UserRecord = UsersQuery['users']['nodes'][number];

export const readUsers =
  (filter: UserFilter): ReadPage<Connection<UserRecord>> =>
  async (client, request) => {
    const { data, error } = await client.query(usersQuery, { ...request, filter }, { requestPolicy: 'network-only' });
    return { page: data?.users, error };
  };
