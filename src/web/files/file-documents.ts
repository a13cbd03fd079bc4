import { graphql } from '../generated/index.ts';

/** The files of one place. The cursor of events is that of this page. */
export const placeFilesQuery = graphql(`
  query PlaceFiles($id: ID!, $first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {
    node(id: $id) {
      id
      ... on Attachable {
        files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
          eventCursor
          nodes {
            ...FileRow
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`);

/** All files that the viewer may see. */
export const allFilesQuery = graphql(`
  query AllFiles($first: Int!, $after: String, $filter: FileFilter, $orderBy: FileOrder) {
    files(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      eventCursor
      nodes {
        ...FileRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** One file as a row of a list, for an event that names only its id. */
export const fileRowQuery = graphql(`
  query FileRowById($id: ID!) {
    file(id: $id) {
      ...FileRow
    }
  }
`);
