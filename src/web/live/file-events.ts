import type { OnFileEventSubscription } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';

export const onFileEvent = graphql(`
  subscription OnFileEvent($on: ID!, $after: String) {
    fileEvents(on: $on, after: $after) {
      cursor
      type
      onId
      previousFileId
      file {
        ...FileRow
      }
      actor {
        id
        displayName
      }
    }
  }
`);

/** A change of a file of a place. */
export type FileEvent = OnFileEventSubscription['fileEvents'];

/** The present position in the log of events of a place. */
export const eventCursorQuery = graphql(`
  query EventCursor($id: ID!) {
    node(id: $id) {
      id
      ... on Attachable {
        files(first: 1) {
          eventCursor
        }
      }
    }
  }
`);
