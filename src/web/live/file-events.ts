import type { Client } from 'urql';
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

/** Where a file has changed, and nothing else. */
export const onChangedPlace = graphql(`
  subscription OnChangedPlace($on: ID!, $after: String) {
    fileEvents(on: $on, after: $after) {
      cursor
      onId
    }
  }
`);

/** The present position in the log of events of a place. */
const eventCursorQuery = graphql(`
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

/** Resolves to it; undefined when it cannot be read. */
export async function readEventCursor(client: Client, placeId: string): Promise<string | null | undefined> {
  const { data } = await client.query(eventCursorQuery, { id: placeId }, { requestPolicy: 'network-only' });
  return data?.node && 'files' in data.node ? data.node.files.eventCursor : undefined;
}
