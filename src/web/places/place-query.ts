import type { PlaceQuery } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';

export const placeQuery = graphql(`
  query Place($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Attachable {
        viewerCanAttach
      }
      ... on Project {
        title
        description
        canEdit
        canDelete
        viewerRole
      }
      ... on Task {
        title
        description
        isClosed
        canEdit
        project {
          id
          title
        }
      }
      ... on Comment {
        body
        canEdit
        canDelete
        createdAt
        createdBy {
          displayName
        }
        task {
          id
          title
          project {
            id
            title
          }
        }
      }
      ... on Entity {
        title
        entityType
        isPrivate
        canEdit
        canDelete
      }
    }
  }
`);

/** What files can be attached to. */
export type Place = Extract<NonNullable<PlaceQuery['node']>, { viewerCanAttach: boolean }>;

export const isPlace = (node: PlaceQuery['node'] | undefined): node is Place =>
  node != null && 'viewerCanAttach' in node;
