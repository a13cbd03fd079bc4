import { deleteAuditBefore } from '../audit/audit-retention.ts';
import { indexAudit } from '../audit/index-audit.ts';
import { usersOfExpiredKeys } from '../auth/authenticate-key.ts';
import type { KeyUsage } from '../auth/key-usage.ts';
import type { Context, Log } from '../context.ts';
import type { EntityManager } from '../database/database.ts';
import type { EventHub } from '../events/hub.ts';
import { deleteEventsBefore } from '../events/log-retention.ts';
import { deleteExpiredTokens } from '../sharing/guest-tokens.ts';
import type { Storage } from '../storage/storage.ts';
import { deleteExpiredKeys } from '../uploads/idempotency-keys.ts';
import { deleteExpiredUploads } from '../uploads/resumable/terminate-upload.ts';
import { finishIdleSessions } from '../uploads/upload-session.ts';
import { repeat } from './repeat.ts';
import { type Swept, sweep } from './sweep.ts';

/** How often expired API keys are looked for, in milliseconds. */
const KEY_CHECK_MS = 1000;
/** How often the last uses of API keys are written, in milliseconds. */
const KEY_USAGE_MS = 60_000;
/** How often recent entries of the audit log are indexed, in milliseconds. */
const AUDIT_INDEX_MS = 10_000;
/** How often idle upload sessions are looked for, in milliseconds. */
const SESSION_CHECK_MS = 1000;
/**
 * How often expired events, idempotency keys, uploads and tokens of guests are looked for, in
 * milliseconds.
 */
const RETENTION_CHECK_MS = 60_000;
/**
 * The age of blobs and staged files that a sweep removes, in milliseconds. An upload inserts its
 * row sooner.
 */
const SWEEP_AGE_MS = 24 * 60 * 60 * 1000;

/** What maintenance works on, and how often. */
export interface MaintenanceOptions {
  /** A new unit of work. */
  em(): EntityManager;
  storage: Storage;
  events: EventHub;
  keyUsage: KeyUsage;
  /** A new context of the server itself, for work that no user has requested. */
  serverContext(): Context;
  log: Log;
  now(): Date;
  /** How long an event is stored, in milliseconds. */
  eventRetentionMs: number;
  /** How long an entry of the audit log is stored, in milliseconds. */
  auditRetentionMs: number;
  /** How long an idempotency key is stored, in milliseconds. */
  idempotencyMs: number;
  /** How often the storage is swept, in milliseconds; undefined for never. */
  sweepMs: number | undefined;
  /** Called with the result of each sweep. */
  onSwept?: (swept: Swept) => void;
}

/** Starts all work that the server does at intervals. Disposing of it waits for running work. */
export function startMaintenance(options: MaintenanceOptions): AsyncDisposable {
  const { em, storage, events, keyUsage, serverContext, log, now } = options;
  const { eventRetentionMs, auditRetentionMs, idempotencyMs, sweepMs } = options;
  const stack = new AsyncDisposableStack();
  const start = (intervalMs: number, work: () => Promise<unknown>) => stack.use(repeat(intervalMs, log, work));
  let checkedUntil = now();
  start(KEY_CHECK_MS, async () => {
    const until = now();
    for (const userId of await usersOfExpiredKeys(em(), checkedUntil, until)) events.accessChanged({ userId });
    checkedUntil = until;
  });
  start(Math.min(RETENTION_CHECK_MS, eventRetentionMs), async () => {
    await deleteEventsBefore(em(), new Date(Date.now() - eventRetentionMs));
    await deleteExpiredKeys(em(), new Date(Date.now() - idempotencyMs));
    await deleteExpiredTokens(em(), now());
  });
  stack.defer(() => keyUsage.write().catch((err) => log.error({ err }, 'the last uses of keys could not be written')));
  start(KEY_USAGE_MS, () => keyUsage.write());
  start(Math.min(RETENTION_CHECK_MS, auditRetentionMs), () =>
    deleteAuditBefore(em(), new Date(Date.now() - auditRetentionMs)),
  );
  start(AUDIT_INDEX_MS, () => indexAudit(em()));
  start(SESSION_CHECK_MS, () => finishIdleSessions(serverContext()));
  start(RETENTION_CHECK_MS, () => deleteExpiredUploads({ em: em(), storage }, now()));
  if (sweepMs !== undefined)
    start(sweepMs, async () => options.onSwept?.(await sweepAndReport(em(), storage, now(), log)));
  return stack;
}

async function sweepAndReport(em: EntityManager, storage: Storage, now: Date, log: Log): Promise<Swept> {
  const swept = await sweep({ em, storage }, { before: new Date(now.getTime() - SWEEP_AGE_MS) });
  if (swept.staged + swept.deleted + swept.orphans > 0) log.info(swept, 'removed bytes that no file refers to');
  if (swept.missing > 0)
    log.error({ missing: swept.missing }, 'the bytes of some files are missing; "attache verify" names them');
  return swept;
}
