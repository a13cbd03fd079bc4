import { randomBytes } from 'node:crypto';
import type { EntityManager } from '../database/database.ts';

/**
 * Reads the epoch, a random id of the log that every cursor contains. Cursors of another log are
 * refused: their numbers stand for other events. Throws when the database was not migrated.
 */
export async function readEpoch(em: EntityManager): Promise<string> {
  const rows: { epoch: string }[] = await em.execute('select epoch from event_epoch', [], { connectionType: 'read' });
  if (!rows[0]) throw new Error('The event log has no epoch: the database was not migrated.');
  return rows[0].epoch;
}

/**
 * Gives the log a new epoch, so that every cursor given out before is refused. Running servers keep
 * the old epoch until they are restarted.
 */
export async function resetEpoch(em: EntityManager): Promise<void> {
  await em.execute('update event_epoch set epoch = ?', [randomBytes(8).toString('hex')]);
}
