import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../../auth/permissions.ts';
import { Unauthenticated } from '../../errors.ts';
import type { LegacyOptions } from '../api.ts';

/**
 * Who calls: the key stands in `Authorization` bare, after `Bearer`, or in either half of Basic credentials, where
 * scripts differ in the half they put it in. Throws `Unauthenticated`.
 */
export async function callerOf({ authenticate }: LegacyOptions, { headers }: IncomingMessage): Promise<Viewer> {
  for (const key of keysIn(headers.authorization ?? '')) {
    try {
      return await authenticate(key);
    } catch (error) {
      if (!(error instanceof Unauthenticated)) throw error;
    }
  }
  throw new Unauthenticated();
}

function keysIn(authorization: string): string[] {
  const [, scheme, rest = ''] = /^\s*(?:(Bearer|Basic)\s+)?(\S+)\s*$/i.exec(authorization) ?? [];
  if (scheme?.toLowerCase() !== 'basic') return [rest].filter(Boolean);
  const [user = '', ...password] = Buffer.from(rest, 'base64').toString().split(':');
  return [password.join(':'), user].filter(Boolean);
}
