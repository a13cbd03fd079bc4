import { graphql } from '../generated/index.ts';
import { ask, type Endpoint } from './client.ts';

export const auditLog = graphql(`
  query AuditLog($filter: AuditLogFilter, $first: Int, $after: String, $last: Int, $before: String) {
    auditLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      nodes {
        id at action targetId details { name value } actor { id displayName } apiKeyId via address requestId
      }
    }
  }
`);

/** The newest entries of the audit log, newest first, each with its details as an object. */
export async function auditEntries(server: Endpoint, filter: Record<string, unknown> = {}, first = 100) {
  const { nodes } = (await ask(server, auditLog, { filter, first })).auditLog;
  return nodes.map(({ details, ...entry }) => ({
    ...entry,
    details: Object.fromEntries(details.map(({ name, value }) => [name, value])),
  }));
}
