import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { ensureAdministrator } from './auth/administrator.ts';
import { createKeyLookup } from './auth/authenticate-key.ts';
import type { Viewer } from './auth/permissions.ts';
import { deriveLinkSecret, viewerOfLink } from './auth/signed-links.ts';
import { createSignerLookup, deriveSealingKey } from './auth/signing-keys.ts';
import { RequestBudgets } from './budget/request-budget.ts';
import { type Config, ConfigError } from './config.ts';
import type { Context, RequestBudget } from './context.ts';
import { type Database, type DatabaseLocation, type EntityManager, openDatabase } from './database/open.ts';
import { lockForServing } from './database/sqlite.ts';
import { openEvents } from './events/open-events.ts';
import { startServer } from './http/server.ts';
import { createLog } from './log.ts';
import { deletePendingBlobs } from './maintenance/pending-deletions.ts';
import { repeat } from './maintenance/repeat.ts';
import { startMaintenance } from './maintenance/schedule.ts';
import { openDiskStorage } from './storage/disk.ts';
import { ensureFolder } from './storage/folder.ts';
import { parseS3Url } from './storage/s3-url.ts';
import { readOrCreateSecret } from './storage/secret-file.ts';
import type { Storage } from './storage/storage.ts';
import { createReceiver } from './uploads/receive.ts';
import { limitsBelowFileSize } from './uploads/temporary-quota.ts';
import { canUserSeePlace } from './workspace/attachables/places.ts';
import { seedCurrencies } from './workspace/currencies.ts';
import { createDemo } from './workspace/demo.ts';

/** The server itself, when it does what nobody asked for. */
const SERVER: Viewer = { userId: 0, isAdmin: true, scope: 'ADMIN' };

/**
 * Queries of lists that run at once. SQLite runs them on the event loop, one after the other; of PostgreSQL's
 * connections, some are left to everything else.
 */
const queriesAtOnce = { sqlite: { total: 1, perUser: 1 }, postgres: { total: 6, perUser: 3 } };

export interface App extends AsyncDisposable {
  /** Where it listens, without a slash at the end. */
  url: string;
  /** Where the database is, for people to read. */
  database: string;
}

export interface AppOptions {
  log?: Logger;
  /** Told the administrator's key when this start makes it, which is the only time. */
  onMadeKey?(key: string): void;
}

/** Builds everything that the configuration asks for and serves. Disposing of it ends what is under way, and closes. */
export async function createApp(config: Config, { log: given, onMadeKey }: AppOptions = {}): Promise<App> {
  await using stack = new AsyncDisposableStack();
  const log = given ?? stack.use(createLog(config)).logger;
  const now = () => new Date();
  await assertPortFree(config);
  await ensureFolder(config.dataDir);
  const place = databaseOf(config);
  if ('file' in place) stack.use(lockForServing(place.file));
  const database = stack.use(await openDatabase(place));
  const storage = stack.use(await openStorage(config));
  const em = () => database.em();
  // Of several servers that start on one empty database at once, one makes what a first start makes.
  const firstStart = await database.withExclusiveLock(async () => {
    await database.migrate();
    await seedCurrencies(em());
    return ensureAdministrator(em(), { configuredKey: config.adminKey, now: now() });
  });
  if (firstStart?.madeKey) onMadeKey?.(firstStart.madeKey);
  const { limits, slowReaderMs } = config;
  const { events } = stack.use(await openEvents(database, { limits, slowReaderMs, log, repeat }));

  const operatorSecret = await operatorSecretOf(config);
  const linkSecret = await deriveLinkSecret(em(), operatorSecret);
  const sealingKey = await deriveSealingKey(em(), operatorSecret);
  if (config.databaseUrl && !config.secret) log.warn(NO_SHARED_SECRET);
  const settings = limitsBelowFileSize(config.limits);
  if (settings.length > 0) log.warn({ settings }, LIMITS_BELOW_FILE_SIZE);
  const budgets = new RequestBudgets(config.limits, queriesAtOnce[database.kind]);
  const contextFor = (viewer: Viewer, budget: RequestBudget = budgets.unanswered(viewer.userId)): Context => ({
    em: database.em(),
    storage,
    events,
    viewer,
    limits: config.limits,
    linkSecret,
    sealingKey,
    canUserSeePlace: canUserSeePlace,
    now,
    log,
    budget,
  });
  if (firstStart && config.demo)
    await createDemo(contextFor({ userId: firstStart.administrator.id, isAdmin: true, scope: 'ADMIN' }));
  await deletePendingBlobs(database.em(), storage).catch((err) => {
    log.warn({ err }, 'bytes of removed files could not be deleted yet');
  });

  stack.use(
    startMaintenance({
      ...{ em, storage, events, log, now },
      serverContext: () => contextFor(SERVER),
      eventRetentionMs: config.eventRetentionMs,
      idempotencyMs: config.limits.idempotencyMs,
      sweepMs: config.sweepMs,
    }),
  );
  const server = stack.use(
    await startServer({
      config,
      createReceiver: (claim) => createReceiver({ storage, limits: config.limits }, claim),
      events,
      log,
      contextFor,
      budgets,
      authenticate: createKeyLookup(em, now),
      signerOf: createSignerLookup(em, sealingKey, now),
      viewerOfLink: (fileId, token) => viewerOfLink({ em: em(), secret: linkSecret, now: now() }, fileId, token),
      checkReady: () => Promise.all([database.check(), storage.check()]).then(() => {}),
    }),
  );
  const running = stack.move();
  return { url: server.url, database: database.location, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/**
 * Tries the port before anything is made: a first start that failed at its end would have printed a key, and the next
 * one prints none. Rejects with what listening says.
 */
async function assertPortFree({ port, host }: Config): Promise<void> {
  if (port === 0) return;
  const probe = createServer().listen({ port, host });
  await once(probe, 'listening'); // rejects with the error, if there is one
  await new Promise((resolve) => probe.close(resolve));
}

const NO_SHARED_SECRET =
  'ATTACHE_SECRET is not set: links and keys to sign with that this server makes work only on servers with the same ' +
  'file `secret` in their DATA_DIR. Set it to the same value on all servers that share the database.';

const LIMITS_BELOW_FILE_SIZE =
  'a limit of unfinished uploads is below MAX_FILE_SIZE: files of that size cannot be uploaded by tus';

/** The operator's part of what signs links and encrypts keys: never in the database. Without one, a file has it. */
export async function operatorSecretOf({ secret, dataDir }: Pick<Config, 'secret' | 'dataDir'>): Promise<string> {
  return secret ?? (await readOrCreateSecret(dataDir, 'secret'));
}

const databaseOf = ({ databaseUrl, dataDir }: Config): DatabaseLocation =>
  databaseUrl ? { url: databaseUrl } : { file: join(dataDir, 'attache.db') };

async function openStorage({ storageUrl, dataDir }: Config): Promise<Storage> {
  const folder = join(dataDir, 'files');
  if (!storageUrl) return openDiskStorage(folder, undefined, dataDir);
  const place = s3PlaceOf(storageUrl);
  // Loaded where there is one: it is large, and most servers never need it.
  const { openS3Storage } = await import('./storage/s3.ts');
  return openS3Storage({ ...place, piecesIn: join(folder, 'unfinished'), databaseFolder: dataDir });
}

function s3PlaceOf(storageUrl: string) {
  try {
    return parseS3Url(storageUrl);
  } catch (error) {
    throw new ConfigError(`The environment cannot be used:\n  STORAGE_URL ${(error as Error).message}`);
  }
}

/** Opens what the configuration names, without serving: the database, up to date, and the bytes. */
export async function openShelves(config: Config): Promise<{ em: EntityManager; storage: Storage } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await openMigrated(config));
  const storage = stack.use(await openStorage(config));
  const opened = stack.move();
  return { em: database.em(), storage, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** Opens the configured database and brings its tables up to date. */
export async function openMigrated(config: Config): Promise<Database> {
  await ensureFolder(config.dataDir);
  const database = await openDatabase(databaseOf(config));
  try {
    await database.withExclusiveLock(() => database.migrate());
    return database;
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}
