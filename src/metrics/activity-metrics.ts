import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { DatabaseObserver } from '../database/observer.ts';
import type { Swept } from '../maintenance/sweep.ts';
import type { StorageObserver } from '../storage/observed-storage.ts';

/**
 * Uploads, downloads and errors of the storage. Plain numbers are counted, and read by a scrape.
 */
export function storageMetrics(register: Registry): StorageObserver {
  const registers = [register];
  const count = { uploads: 0, received: 0, stored: 0, sent: 0 };
  new Gauge({
    name: 'attache_uploads_in_progress',
    help: 'Files whose bytes are being received.',
    registers,
    collect() {
      this.set(count.uploads);
    },
  });
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  counter('attache_uploaded_bytes_total', 'Bytes of files that were received.', () => count.received);
  counter(
    'attache_uploaded_files_total',
    'Files whose bytes were stored, also for a request that failed later.',
    () => count.stored,
  );
  counter('attache_downloaded_bytes_total', 'Bytes of files that were sent, in whole ranges.', () => count.sent);
  const errors = new Counter({
    name: 'attache_storage_errors_total',
    help: 'Operations of the storage that failed, without full disks and missing blobs.',
    labelNames: ['operation'],
    registers,
  });
  for (const operation of ['open', 'end', 'commit', 'check']) errors.inc({ operation }, 0);
  return {
    uploading() {
      let isOpen = true;
      count.uploads += 1;
      return () => {
        if (isOpen) count.uploads -= 1;
        isOpen = false;
      };
    },
    received(bytes) {
      count.received += bytes;
    },
    stored() {
      count.stored += 1;
    },
    sent(bytes) {
      count.sent += bytes;
    },
    failed: (operation) => errors.inc({ operation }),
  };
}

/** Commits and their syncs. */
export function databaseMetrics(register: Registry): Required<Pick<DatabaseObserver, 'committed'>> {
  const transactions = new Histogram({
    name: 'attache_commit_transactions',
    help: 'Transactions that shared one commit of the database. Its count is that of commits.',
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers: [register],
  });
  const duration = new Histogram({
    name: 'attache_commit_duration_seconds',
    help: 'Time until a commit was durable: the sync of the log of SQLite, or the COMMIT of PostgreSQL.',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    registers: [register],
  });
  return {
    committed(members, durationMs) {
      transactions.observe(members);
      duration.observe(durationMs / 1000);
    },
  };
}

/** How long events take from their change to the subscribers of this server. */
export function eventMetrics(register: Registry): (lagMs: number) => void {
  const lag = new Histogram({
    name: 'attache_event_lag_seconds',
    help: 'Age of the oldest of the events that were read from the log together, for subscribers of this server.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers: [register],
  });
  return (lagMs) => lag.observe(Math.max(0, lagMs) / 1000);
}

/** The results of automatic sweeps. */
export function sweepMetrics(register: Registry): (swept: Swept) => void {
  const registers = [register];
  const removed = new Counter({
    name: 'attache_sweep_removed_total',
    help: 'What automatic sweeps removed: staged uploads, blobs of removed files, blobs without a file.',
    labelNames: ['kind'],
    registers,
  });
  const kinds = ['staged', 'deleted', 'orphans'] as const;
  for (const kind of kinds) removed.inc({ kind }, 0);
  const missing = new Gauge({
    name: 'attache_sweep_missing_files',
    help: 'Files whose content was missing at the last automatic sweep.',
    registers,
  });
  const at = new Gauge({
    name: 'attache_sweep_timestamp_seconds',
    help: 'When the last automatic sweep ended, as Unix time; 0 when there was none.',
    registers,
  });
  return (swept) => {
    for (const kind of kinds) removed.inc({ kind }, swept[kind]);
    missing.set(swept.missing);
    at.setToCurrentTime();
  };
}
