import { startServerProcess } from '../../scripts/bench/server-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The key of the administrator of every test server. */
export const ADMIN_KEY = 'the-administrator-of-the-tests';

/**
 * Starts and stops a server on the migrated database of a data folder, or on that of a URL. What
 * the first start creates, such as the demo workspace, takes a third of the time of a start.
 */
export async function startAndStop(database: { dataDir: string } | { url: string }): Promise<void> {
  await using folder = await temporaryFolder('started');
  const env: Record<string, string> = { ATTACHE_ADMIN_KEY: ADMIN_KEY, DATA_DIR: folder.path };
  if ('dataDir' in database) env.DATA_DIR = database.dataDir;
  else env.DATABASE_URL = database.url;
  await using _server = await startServerProcess(env, { printLog: false });
}
