import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Log } from '../context.ts';
import { databaseMetrics, eventMetrics, storageMetrics, sweepMetrics } from './activity-metrics.ts';
import { requestMetrics } from './request-metrics.ts';

/** What a scrape reads. Each may reject. */
export interface Readings {
  version: string;
  subscriptions(): number;
  /** Entries of the event log, approximately. */
  eventLogEntries(): Promise<number>;
  databaseBytes(): Promise<number>;
  /** The free space of the disk with the least, its minimum, and whether it is below. */
  freeSpace(): Promise<{ freeBytes: number; isLow: boolean }>;
}

/** How long a scrape waits for a reading, such as of a database that does not answer. */
const READING_MS = 2000;

/**
 * The metrics of one server, in a registry of its own: two servers in one process do not share
 * them.
 */
export function createMetrics(log: Log) {
  const register = new Registry();
  let isReady = false;
  let scrape: Promise<string> | undefined;
  return {
    requests: requestMetrics(register),
    storage: storageMetrics(register),
    database: databaseMetrics(register),
    eventsRead: eventMetrics(register),
    swept: sweepMetrics(register),
    /** Adds what is read by each scrape. To be called once. */
    read: (readings: Readings) => addReadings(register, readings, log),
    contentType: register.contentType,
    /** The exposition format of Prometheus. Scrapes at the same time share one. */
    scrape(): Promise<string> {
      // Not before: they observe the garbage collector, also for servers that nobody scrapes.
      if (!isReady) addProcessMetrics(register);
      isReady = true;
      scrape ??= register.metrics().finally(() => {
        scrape = undefined;
      });
      return scrape;
    },
  };
}

/** Gauges of prom-client that are named like counters, and walk over all handles of the process. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

function addProcessMetrics(register: Registry): void {
  collectDefaultMetrics({ register });
  for (const name of misnamed) register.removeSingleMetric(name);
}

export type Metrics = ReturnType<typeof createMetrics>;

function addReadings(register: Registry, readings: Readings, log: Log): void {
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [register],
      async collect() {
        this.set(await withinTime(name, read, log));
      },
    });
  const info = { version: readings.version, node: process.version };
  new Gauge({
    name: 'attache_info',
    help: 'Always 1; its labels say what runs.',
    labelNames: ['version', 'node'],
    registers: [register],
  }).set(info, 1);
  gauge('attache_subscriptions', 'Open subscriptions, over WebSockets and event streams.', readings.subscriptions);
  gauge(
    'attache_event_log_entries',
    'Entries of the event log, approximately; of all servers.',
    readings.eventLogEntries,
  );
  gauge('attache_database_bytes', 'Size of the database with its log; of all servers.', readings.databaseBytes);
  gauge(
    'attache_free_bytes',
    'Free space of that local file system in use which has the least.',
    async () => (await readings.freeSpace()).freeBytes,
  );
  gauge('attache_uploads_refused', '1 while uploads are refused because of MIN_FREE_BYTES, otherwise 0.', async () =>
    Number((await readings.freeSpace()).isLow),
  );
}

/** What could not be read is not a number: the other metrics matter all the more. */
async function withinTime(name: string, read: () => number | Promise<number>, log: Log): Promise<number> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${name} could not be read in time.`)), READING_MS);
  try {
    return await Promise.race([read(), promise]);
  } catch (err) {
    log.warn({ err, metric: name }, 'a metric could not be read');
    return Number.NaN;
  } finally {
    clearTimeout(timer);
  }
}
