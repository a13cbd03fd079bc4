import { chunksOf } from '../database/chunks.ts';
import type { EntityManager } from '../database/database.ts';
import { executeUnawaited } from '../database/pipeline.ts';
import type { AuditEntry, AuditOrigin } from './audit-entry.ts';

/** Rows of one statement. */
const ROWS_PER_STATEMENT = 500;

const ROW = '(?, ?, ?, ?, ?, ?, ?, ?, ?)';

/** An entry, maybe of another client than the others. */
export type ClientEntry = AuditEntry & Pick<AuditOrigin, 'client'>;

/**
 * Appends entries to the audit log, in the caller's transaction: either both the change and its
 * entries are committed, or neither. `index-audit.ts` gives them their indexes.
 */
export async function writeAudit(
  em: EntityManager,
  at: Date,
  { via, actorId, keyId, guest, client }: AuditOrigin,
  entries: readonly ClientEntry[],
): Promise<void> {
  const common = [at.getTime(), via, actorId, keyId ?? null];
  for (const some of chunksOf(entries, ROWS_PER_STATEMENT)) {
    await executeUnawaited(
      em,
      `insert into audit_recent (at, via, actor_id, key_id, address, request_id, action, target, details)
       values ${some.map(() => ROW).join(', ')}`,
      some.flatMap(({ action, target, details, client: from = client }) => [
        ...common,
        from?.address ?? null,
        from?.requestId ?? null,
        action,
        target,
        details || guest ? JSON.stringify({ ...details, ...(guest && { guest }) }) : null,
      ]),
    );
  }
}
