import type { Connection, ReadPage } from '../api/use-pages.ts';
import { titleOfPlace } from '../files/title-of-place.ts';
import type { AuditEntriesQuery, AuditLogFilter, AuditObjectFragment } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';

/** What names an object of the log. */
export const auditObjectFragment = graphql(`
  fragment AuditObject on Node {
    __typename
    id
    ... on User {
      displayName
    }
    ... on File {
      name
    }
    ... on ApiKey {
      name
    }
    ... on ShareLink {
      name
    }
    ... on Category {
      title
    }
    ...PlaceTitle
  }
`);

const auditQuery = graphql(`
  query AuditEntries($first: Int!, $after: String, $filter: AuditLogFilter) {
    auditLog(first: $first, after: $after, filter: $filter) {
      nodes {
        id
        action
        at
        via
        actor {
          id
          displayName
        }
        apiKeyId
        targetId
        target {
          ...AuditObject
        }
        address
        requestId
        details {
          name
          value
          object {
            ...AuditObject
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** The name of an object, if it has one that is not empty. */
export function nameOf(object: AuditObjectFragment | null): string | undefined {
  if (!object) return undefined;
  if ('displayName' in object) return object.displayName;
  if ('name' in object) return object.name || undefined;
  if ('task' in object) return titleOfPlace(object);
  return 'title' in object ? object.title : undefined;
}

export type AuditRecord = AuditEntriesQuery['auditLog']['nodes'][number];

export const readAuditLog =
  (filter: AuditLogFilter): ReadPage<Connection<AuditRecord>> =>
  async (client, request) => {
    const { data, error } = await client.query(auditQuery, { ...request, filter }, { requestPolicy: 'network-only' });
    return { page: data?.auditLog, error };
  };
