import { randomUUID } from 'node:crypto';

/**
 * Returns a UUID that begins with the time, in milliseconds, so that an index of such keys grows at
 * its end: https://www.rfc-editor.org/rfc/rfc9562#section-5.7
 */
export function timeOrderedUuid(now: Date): string {
  const time = now.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** The time with which such a UUID begins. */
export const timeOfUuid = (uuid: string): Date =>
  new Date(Number.parseInt(`${uuid.slice(0, 8)}${uuid.slice(9, 13)}`, 16));
