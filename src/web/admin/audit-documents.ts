import type { Connection, ReadPage } from '../api/use-pages.ts';
import type { AuditEntriesQuery, AuditLogFilter } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';

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
        address
        requestId
        details {
          name
          value
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export type AuditRecord = AuditEntriesQuery['auditLog']['nodes'][number];

export const readAuditLog =
  (filter: AuditLogFilter): ReadPage<Connection<AuditRecord>> =>
  async (client, request) => {
    const { data, error } = await client.query(auditQuery, { ...request, filter }, { requestPolicy: 'network-only' });
    return { page: data?.auditLog, error };
  };
