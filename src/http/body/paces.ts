import type { Config } from '../../config.ts';
import type { Pace } from './transfer-clock.ts';

/** Added to the time limit of an upload, in milliseconds. */
const UPLOAD_GRACE_MS = 60_000;

/** The slowest pace of a JSON body, whatever the configuration allows uploads. */
const JSON_PACE: Pace = { idleMs: 30_000, graceMs: 30_000, bytesPerSecond: 32 * 1024 };

/** How slowly clients may send each kind of body. */
export interface Paces {
  /** Files and forms. */
  upload: Pace;
  /** JSON, which stays in memory until it is complete. */
  json: Pace;
}

/**
 * The paces of all bodies of authenticated clients, from `UPLOAD_IDLE_SECONDS` and
 * `MIN_UPLOAD_RATE`. JSON gets the stricter of these and of `JSON_PACE`.
 */
export function pacesFrom({ uploadIdleMs, minUploadRate }: Pick<Config, 'uploadIdleMs' | 'minUploadRate'>): Paces {
  const upload = { idleMs: uploadIdleMs, graceMs: UPLOAD_GRACE_MS, bytesPerSecond: minUploadRate };
  const json = {
    idleMs: Math.min(upload.idleMs, JSON_PACE.idleMs),
    graceMs: JSON_PACE.graceMs,
    bytesPerSecond: Math.max(upload.bytesPerSecond, JSON_PACE.bytesPerSecond),
  };
  return { upload, json };
}
