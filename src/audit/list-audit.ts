import { allOf, anyOf, condition, type SqlCondition } from '../auth/access-sql.ts';
import { canAdminister } from '../auth/permissions.ts';
import { assertAdminScope } from '../auth/require-scope.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import type { EntityManager } from '../database/database.ts';
import type { PageRequest } from '../database/page.ts';
import { placeholders, select } from '../database/rows.ts';
import { type ListContext, readPage, scan } from '../database/scans.ts';
import type { AuditAction, AuditDetails, AuditSource } from './audit-entry.ts';

/** An entry of the audit log. */
export interface AuditLogEntry {
  id: number;
  at: Date;
  via: AuditSource;
  /** Null when no user did it; so are the next three where they are not known. */
  actorId: number | null;
  keyId: number | null;
  address: string | null;
  requestId: string | null;
  action: AuditAction;
  target: string;
  details: AuditDetails;
}

/** Which entries to list; omitted conditions select all. */
export interface AuditFilter {
  actorId?: number | undefined;
  action?: AuditAction | undefined;
  /** A global id, such as `File:1`. */
  target?: string | undefined;
  /** From this time on, and before the next. */
  from?: Date | undefined;
  to?: Date | undefined;
}

/**
 * How far times may be from the order of the entries, in milliseconds: those of several servers,
 * or of a clock that was set back.
 */
const CLOCK_SKEW_MS = 10 * 60_000;

/** The binary search for a time ends when it is between ids that are this close. */
const NARROW = 256;

const COLUMNS = `id, at, via, actor_id as "actorId", key_id as "keyId", address, request_id as "requestId",
  action, target, details`;

/** The entries of the audit log, newest first, for administrators. Throws `ForbiddenError`. */
export function listAudit(request: RequestContext, filter: AuditFilter = {}) {
  const ctx = contextOf(request);
  assertAdminScope(ctx.viewer, 'read the audit log');
  return {
    async page({ limit, after, before, inverted }: PageRequest): Promise<AuditLogEntry[]> {
      const bounds = [
        ...(after === undefined ? [] : [condition('id < ?', after)]),
        ...(before === undefined ? [] : [condition('id > ?', before)]),
      ];
      const where = allOf(...(await conditionsOf(ctx, filter)), ...bounds);
      return readMerged(ctx, where, { limit, isAscending: inverted ?? false, run: runnerOf(filter) });
    },
    async count(): Promise<number> {
      const { sql, params } = allOf(...(await conditionsOf(ctx, filter)));
      const [found] = await scan<{ count: number | string }>(
        ctx,
        `select (select count(*) from audit_recent where ${sql}) + (select count(*) from audit_log where ${sql}) as count`,
        [...params, ...params],
      );
      return Number(found?.count);
    },
  };
}

/** The entries among `ids` that exist, by id; none unless the viewer may read the audit log. */
export async function findAudit(request: RequestContext, ids: readonly number[]): Promise<Map<number, AuditLogEntry>> {
  const { em, viewer } = contextOf(request);
  if (!canAdminister(viewer)) return new Map();
  const found: StoredEntry[] = [];
  for (const table of ['audit_recent', 'audit_log'])
    found.push(
      ...(await inChunks(ids, (some) =>
        select<StoredEntry>(em, `select ${COLUMNS} from ${table} where id in (${placeholders(some)})`, some),
      )),
    );
  return new Map(found.map((row) => [Number(row.id), entryOf(row)]));
}

/**
 * A page of the entries of which a user is the actor or the target, oldest first, for the export of
 * the user.
 */
export async function readAuditOf(
  em: EntityManager,
  userId: number,
  { after, limit }: { after: number; limit: number },
): Promise<AuditLogEntry[]> {
  const own = anyOf(condition('actor_id = ?', userId), condition('target = ?', `User:${userId}`));
  const ctx = { em, budget: UNBOUNDED };
  return readMerged(ctx, allOf(own, condition('id > ?', after)), { limit, isAscending: true, run: scan });
}

/** The budget of an export, which no request limits. */
const UNBOUNDED = { query: <T>(run: () => Promise<T>) => run(), scan: <T>(run: () => Promise<T>) => run() };

/**
 * A page with one condition is read along the index of the condition. Entries that meet several
 * conditions may be rare, and uploads have no index of actions: such a page is a scan.
 */
function runnerOf({ actorId, action, target }: AuditFilter) {
  const count = [actorId, action, target].filter((value) => value !== undefined).length;
  return count > 1 || action === 'FILE_UPLOADED' ? scan : readPage;
}

/**
 * Reads a page of both tables. Recent entries are read first: one that is moved meanwhile is found
 * twice instead of never.
 */
async function readMerged(
  ctx: ListContext,
  { sql, params }: SqlCondition,
  { limit, isAscending, run }: { limit: number; isAscending: boolean; run: typeof scan },
): Promise<AuditLogEntry[]> {
  const found = new Map<number, AuditLogEntry>();
  for (const [table, read] of [
    ['audit_recent', scan],
    ['audit_log', run],
  ] as const) {
    const rows = await read<StoredEntry>(
      ctx,
      `select ${COLUMNS} from ${table} where ${sql} order by id ${isAscending ? 'asc' : 'desc'} limit ?`,
      [...params, limit],
    );
    for (const row of rows) found.set(Number(row.id), entryOf(row));
  }
  const entries = [...found.values()].sort((a, b) => (isAscending ? a.id - b.id : b.id - a.id));
  return entries.slice(0, limit);
}

interface StoredEntry extends Omit<AuditLogEntry, 'id' | 'at' | 'details'> {
  id: number | string;
  at: number | string;
  details: string | null;
}

const entryOf = (row: StoredEntry): AuditLogEntry => ({
  ...row,
  id: Number(row.id),
  at: new Date(Number(row.at)),
  details: row.details === null ? {} : (JSON.parse(row.details) as AuditDetails),
});

async function conditionsOf(ctx: Context, { actorId, action, target, from, to }: AuditFilter): Promise<SqlCondition[]> {
  const conditions = [condition('id > 0')];
  if (actorId !== undefined) conditions.push(condition('actor_id = ?', actorId));
  if (target !== undefined) conditions.push(condition('target = ?', target));
  if (action !== undefined) {
    conditions.push(condition('action = ?', action));
    // The condition of the index of actions.
    if (action !== 'FILE_UPLOADED') conditions.push(condition(`action <> 'FILE_UPLOADED'`));
  }
  if (from) {
    const { low } = await idsAround(ctx, from.getTime() - CLOCK_SKEW_MS);
    conditions.push(condition('id >= ?', low), condition('at >= ?', from.getTime()));
  }
  if (to) {
    const { high } = await idsAround(ctx, to.getTime() + CLOCK_SKEW_MS);
    if (high !== undefined) conditions.push(condition('id <= ?', high));
    conditions.push(condition('at < ?', to.getTime()));
  }
  return conditions;
}

/**
 * Ids below and above the first entry from a time on, by a binary search: an index of times would
 * be one more for every entry to write. All entries below `low` are older, and all above `high`
 * newer; `high` is undefined when the time is later than that of all indexed entries.
 */
async function idsAround({ em, budget }: Context, time: number): Promise<{ low: number; high: number | undefined }> {
  const read = (rest: string, ...params: number[]) =>
    budget.lookUp(() =>
      em.execute<{ id: number | string; at: number | string }[]>(
        `select id, at from audit_log ${rest} limit 1`,
        params,
        { connectionType: 'read' },
      ),
    );
  const [first] = await read('order by id');
  const [last] = await read('order by id desc');
  if (!first || !last) return { low: 0, high: undefined };
  let low = Number(first.id);
  let high = Number(last.id);
  if (Number(last.at) < time) return { low: high, high: undefined };
  while (high - low > NARROW) {
    const [middle] = await read('where id >= ? order by id', Math.floor((low + high) / 2));
    if (!middle || Number(middle.at) >= time) high = Math.floor((low + high) / 2);
    else low = Number(middle.id);
  }
  return { low, high: Math.max(low, high) };
}
