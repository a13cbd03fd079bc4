import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../../auth/permissions.ts';
import type { LegacyOptions } from '../api.ts';
import { assertSameSite } from '../assert-same-site.ts';

/**
 * Authenticates by the key in `Authorization`: bare, after `Bearer`, or in either half of Basic
 * credentials, as scripts differ in which half they use. Throws `UnauthenticatedError`, and
 * `ForbiddenError` for Basic credentials that a browser added to a request of another site.
 */
export async function authenticateCaller(options: LegacyOptions, request: IncomingMessage): Promise<Viewer> {
  const { authenticate, publicUrl, corsOrigins: origins } = options;
  const authorization = request.headers.authorization ?? '';
  if (/^\s*Basic\s/i.test(authorization)) assertSameSite(request, { publicUrl: publicUrl(), origins });
  return authenticate(request, parseKeys(authorization));
}

function parseKeys(authorization: string): string[] {
  const parts = authorization.trim().split(/\s+/);
  const scheme = parts.length === 2 ? parts[0]?.toLowerCase() : undefined;
  const rest = parts.at(-1) ?? '';
  if (parts.length > 1 && scheme !== 'bearer' && scheme !== 'basic') return [];
  if (scheme !== 'basic') return [rest].filter(Boolean);
  const [user = '', ...password] = Buffer.from(rest, 'base64').toString().split(':');
  return [password.join(':'), user].filter(Boolean);
}
