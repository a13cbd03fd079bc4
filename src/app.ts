import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { finishDeletions } from './attachments/remove.ts';
import { ensureAdministrator } from './auth/administrator.ts';
import { viewerOfKey } from './auth/keys.ts';
import type { Viewer } from './auth/permissions.ts';
import type { Config } from './config.ts';
import type { Context } from './context.ts';
import { type Database, openDatabase } from './database/open.ts';
import { EventHub } from './events/hub.ts';
import { startServer } from './http/server.ts';
import { openDiskStorage } from './storage/disk.ts';
import { ensureFolder } from './storage/folder.ts';
import { createDemo } from './workspace/demo.ts';

export interface App extends AsyncDisposable {
  /** Where it listens, without a slash at the end. */
  url: string;
}

export interface AppOptions {
  log?: Logger;
  /** Told the administrator's key when this start makes it, which is the only time. */
  onMadeKey?(key: string): void;
}

/** Builds everything that the configuration asks for and serves. Disposing of it ends what is under way, and closes. */
export async function createApp(config: Config, { log = createLog(config), onMadeKey }: AppOptions = {}): Promise<App> {
  await using stack = new AsyncDisposableStack();
  const now = () => new Date();
  await ensureFolder(config.dataDir);
  const database = stack.use(await openMigrated(config));
  const storage = stack.use(await openDiskStorage(join(config.dataDir, 'files')));
  const events = new EventHub();

  const contextFor = (viewer: Viewer): Context => ({
    em: database.em(),
    storage,
    events,
    viewer,
    limits: config.limits,
    now,
    log,
  });
  const firstStart = await ensureAdministrator(database.em(), config.adminKey, now());
  if (firstStart?.madeKey) onMadeKey?.(firstStart.madeKey);
  if (firstStart && config.demo) await createDemo(contextFor({ userId: firstStart.administrator.id, isAdmin: true }));
  await finishDeletions(database.em(), storage).catch((err) => {
    log.warn({ err }, 'bytes of removed files could not be deleted yet');
  });

  const server = stack.use(
    await startServer({
      config,
      storage,
      log,
      contextFor,
      authenticate: (key) => viewerOfKey(database.em(), key, now()),
      checkReady: () => database.check(),
    }),
  );
  // Before the server closes: it waits for answers under way, and a subscription's would never end by itself.
  stack.use(events);
  const running = stack.move();
  return { url: server.url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Opens the configured database and brings its tables up to date. */
export async function openMigrated(config: Config): Promise<Database> {
  const database = await openDatabase(join(config.dataDir, 'attache.db'));
  try {
    await database.migrate();
    return database;
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}

/** Logs go to standard error, as JSON, one entry a line. Keys never do. */
export function createLog(config: Pick<Config, 'logLevel'>): Logger {
  return pino({ level: config.logLevel, redact: ['req.headers.authorization'] }, pino.destination(2));
}
