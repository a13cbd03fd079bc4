import type { Logger } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { assertPortFree } from './app/assert-port-free.ts';
import { createAuthentication } from './app/authentication.ts';
import { createContextFactory } from './app/context-factory.ts';
import { openStorage, operatorSecretOf } from './app/open.ts';
import { warnAboutSettings } from './app/warn-about-settings.ts';
import { type AdministratorOptions, ensureAdministrator } from './auth/administrator.ts';
import { KeyUsage } from './auth/key-usage.ts';
import type { Viewer } from './auth/permissions.ts';
import { deriveLinkSecret } from './auth/signed-links.ts';
import { deriveKeyEncryptionKey } from './auth/signing-keys.ts';
import { freeSpaceOf, fullDiskLogger, isDiskLow } from './budget/free-space.ts';
import { RequestBudgets } from './budget/request-budget.ts';
import { readTrustedDocuments } from './config/trusted-documents.ts';
import type { Config } from './config.ts';
import type { Database } from './database/database.ts';
import { openDatabase } from './database/open.ts';
import { lockForServing } from './database/sqlite.ts';
import { readLogSize } from './events/log-size.ts';
import { openEvents } from './events/open-events.ts';
import { startMetricsServer } from './http/metrics.ts';
import { allObservers } from './http/requests/observer.ts';
import { logRequests } from './http/requests/request-log.ts';
import { startServer } from './http/server.ts';
import { createLog } from './log.ts';
import { deletePendingBlobs } from './maintenance/pending-deletions.ts';
import { repeat } from './maintenance/repeat.ts';
import { startMaintenance } from './maintenance/schedule.ts';
import { createMetrics } from './metrics/metrics.ts';
import { ensureFolder } from './storage/folder.ts';
import { observeStorage } from './storage/observed-storage.ts';
import type { Tracing } from './tracing/tracing.ts';
import { createReceiver } from './uploads/receive.ts';
import { seedCurrencies } from './workspace/currencies.ts';
import { createDemo } from './workspace/demo.ts';

/** The viewer of scheduled work, which no user has requested. */
const SERVER: Viewer = { userId: 0, isAdmin: true, scope: 'ADMIN' };

/**
 * Concurrent queries of pages, and scans. SQLite runs queries on the event loop and scans in
 * another thread, both one after the other. On PostgreSQL, the limits leave connections for other
 * statements, and the processors of a small machine for queries.
 */
const concurrency = {
  sqlite: { queries: { total: 1, perUser: 1 }, scans: { total: 1, perUser: 1 } },
  postgres: { queries: { total: 6, perUser: 3 }, scans: { total: 1, perUser: 1 } },
};

/** How often the free space is compared with its minimum for the log. */
const FULL_DISK_CHECK_MS = 5000;

export interface App extends AsyncDisposable {
  /** The URL at which the server listens, without a trailing slash. */
  url: string;
  /** The location of the database, for display. */
  database: string;
  /** From now on, `/health/ready` answers 503, so that load balancers choose another server. */
  drain(): void;
}

export interface AppOptions {
  log?: Logger;
  /**
   * Receives the administrator's key on the first start, which is the only time that it is known.
   */
  onGeneratedKey?(key: string): void;
}

/**
 * Builds the server of a configuration and starts to listen. Disposing of the result completes the
 * requests in progress and closes everything.
 */
export async function createApp(config: Config, { log: given, onGeneratedKey }: AppOptions = {}): Promise<App> {
  await using stack = new AsyncDisposableStack();
  const logs = given ? { logger: given, unlimited: given } : stack.use(createLog(config));
  const log = logs.logger;
  const startedAt = performance.now();
  log.info({ node: process.version }, 'starting');
  const metrics = createMetrics(log);
  const tracing = config.tracing && stack.use(await openTracing(config.tracing, log));
  const now = () => new Date();
  await assertPortFree(config);
  if (config.metrics) await assertPortFree(config.metrics);
  const trustedDocuments = config.trustedDocuments ? await readTrustedDocuments(config.trustedDocuments) : undefined;
  await ensureFolder(config.dataDir);
  if (config.database.kind === 'sqlite') stack.use(lockForServing(config.database.file));
  const database = stack.use(await openDatabase(config.database, { ...metrics.database, ...tracing?.database }));
  const storage = stack.use(observeStorage(await openStorage(config, database), metrics.storage, tracing?.uploading));
  const em = () => database.em();
  const firstStart = await prepareDatabase(database, { configuredKey: config.adminKey, now: now() });
  if (firstStart?.generatedKey) onGeneratedKey?.(firstStart.generatedKey);
  const { limits, slowReaderMs } = config;
  const { events } = stack.use(
    await openEvents(database, { limits, slowReaderMs, log, repeat, onRead: metrics.eventsRead }),
  );

  const operatorSecret = await operatorSecretOf(config);
  const linkSecret = await deriveLinkSecret(em(), operatorSecret);
  const keyEncryptionKey = await deriveKeyEncryptionKey(em(), operatorSecret);
  warnAboutSettings(config, log);
  const keyUsage = new KeyUsage(em, now);
  const budgets = new RequestBudgets(config.limits, concurrency[database.kind]);
  const contextFor = createContextFactory({
    config,
    em,
    budgets,
    ...{ storage, events, linkSecret, keyEncryptionKey, now, log },
  });
  if (firstStart && config.demo)
    await createDemo(contextFor({ userId: firstStart.administrator.id, isAdmin: true, scope: 'ADMIN' }));
  await deletePendingBlobs(database.em(), storage).catch((err) => {
    log.warn({ err }, 'bytes of removed files could not be deleted yet');
  });

  stack.use(
    startMaintenance({
      ...{ em, storage, events, keyUsage, log, now },
      serverContext: () => contextFor(SERVER),
      eventRetentionMs: config.eventRetentionMs,
      auditRetentionMs: config.auditRetentionMs,
      idempotencyMs: config.limits.idempotencyMs,
      sweepMs: config.sweepMs,
      onSwept: metrics.swept,
    }),
  );
  const logFullDisk = fullDiskLogger({ storage, limits, log });
  await logFullDisk();
  stack.use(repeat(FULL_DISK_CHECK_MS, log, logFullDisk));
  metrics.read({
    version: packageJson.version,
    subscriptions: () => events.size,
    eventLogEntries: () => readLogSize(em()),
    databaseBytes: () => database.sizeBytes(),
    freeSpace: () => freeSpaceOf({ storage, limits }),
  });
  const metricsServer = config.metrics && stack.use(await startMetricsServer(config.metrics, { metrics, log }));
  const requestLog = config.logRequests ? [stack.use(logRequests(logs.unlimited))] : [];
  const requests = allObservers([metrics.requests, ...(tracing ? [tracing.requests] : []), ...requestLog]);
  let isDraining = false;
  const server = stack.use(
    await startServer({
      config,
      trustedDocuments,
      createReceiver: (claim) => createReceiver({ storage, limits: config.limits }, claim),
      events,
      log,
      requests,
      metrics,
      contextFor,
      budgets,
      ...createAuthentication({
        ...{ em, now, log, keyUsage, linkSecret, keyEncryptionKey },
        providers: config.jwtProviders,
        onAccessChange: () => events.wake(),
      }),
      uploadsRefused: () => isDiskLow({ storage, limits }),
      isDraining: () => isDraining,
      checkReady: () => Promise.all([database.check(), storage.check()]).then(() => {}),
    }),
  );
  log.info(
    { url: server.url, metricsUrl: metricsServer?.url, ms: Math.round(performance.now() - startedAt) },
    'listening',
  );
  const running = stack.move();
  return {
    url: server.url,
    database: database.location,
    drain() {
      isDraining = true;
      log.info({}, 'draining');
    },
    [Symbol.asyncDispose]: () => stop(running, log),
  };
}

/**
 * Migrates the tables, and creates the rows of a first start, whose result it returns. Of several
 * servers that start on one empty database, only one creates them.
 */
const prepareDatabase = (database: Database, administrator: AdministratorOptions) =>
  database.withExclusiveLock(async () => {
    await database.migrate();
    await seedCurrencies(database.em());
    return ensureAdministrator(database.em(), administrator);
  });

/** Completes the requests in progress and closes everything. Only the log may still be written. */
async function stop(running: AsyncDisposable, log: Logger): Promise<void> {
  const startedAt = performance.now();
  log.info({}, 'stopping');
  await running[Symbol.asyncDispose]();
  log.info({ ms: Math.round(performance.now() - startedAt) }, 'stopped');
}

/** Imported only when an endpoint is configured: most servers send no traces. */
async function openTracing(options: NonNullable<Config['tracing']>, log: Logger): Promise<Tracing> {
  const { startTracing } = await import('./tracing/tracing.ts');
  return startTracing(options, { log, version: packageJson.version });
}
