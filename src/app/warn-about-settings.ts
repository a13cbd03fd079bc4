import type { Config } from '../config.ts';
import type { Log } from '../context.ts';
import { limitsBelowFileSize } from '../uploads/temporary-quota.ts';

const NO_SHARED_SECRET =
  'ATTACHE_SECRET is not set: links and keys to sign with that this server makes work only on servers with the same ' +
  'file `secret` in their DATA_DIR. Set it to the same value on all servers that share the database.';

const LIMITS_BELOW_FILE_SIZE =
  'a limit of unfinished uploads is below MAX_FILE_SIZE: files of that size cannot be uploaded by tus';

/** Logs what the settings allow and an operator is unlikely to want. */
export function warnAboutSettings({ database, secret, limits }: Config, log: Log): void {
  if (database.kind === 'postgres' && !secret) log.warn({}, NO_SHARED_SECRET);
  const settings = limitsBelowFileSize(limits);
  if (settings.length > 0) log.warn({ settings }, LIMITS_BELOW_FILE_SIZE);
}
