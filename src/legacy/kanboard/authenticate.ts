import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../../auth/permissions.ts';
import { findUsers } from '../../auth/users.ts';
import type { RequestContext } from '../../context.ts';
import { ForbiddenError, NotFoundError, UnauthenticatedError } from '../../errors.ts';
import type { LegacyOptions } from '../api.ts';

/** The caller: the application, with a key of its own, or a user. */
export interface Caller {
  ctx: RequestContext;
  /** The user whose key is the application's, when the application calls. */
  applicationId: number | undefined;
}

/**
 * Handles what does not exist or is not visible. For the application, each procedure returns its
 * own empty value; a user gets HTTP 403 in both cases. Throws `ForbiddenError`.
 */
export function missing({ applicationId }: Caller): undefined {
  if (applicationId === undefined) throw new ForbiddenError('It does not exist, or you may not see it.');
}

/** The result of a search, with `NotFoundError` handled by `missing`. */
export async function findOrMissing<T>(caller: Caller, search: Promise<T>): Promise<T | undefined> {
  try {
    return await search;
  } catch (error) {
    if (error instanceof NotFoundError) return missing(caller);
    throw error;
  }
}

/** The user name of the application: https://docs.kanboard.org/v1/api/authentication/ */
const APPLICATION = 'jsonrpc';

/**
 * Authenticates by HTTP Basic: `jsonrpc` with any key, or the address or name of a user with one of
 * the user's keys. `caller` starts a unit of work for each procedure. Throws
 * `UnauthenticatedError`.
 */
export async function authenticateCaller(
  request: IncomingMessage,
  options: LegacyOptions,
): Promise<{ viewer: Viewer; caller: () => Caller }> {
  const { name, key } = parseCredentials(request.headers.authorization);
  const viewer = await options.authenticate(request, key);
  if (name === APPLICATION)
    return { viewer, caller: () => ({ ctx: options.contextFor(viewer, request), applicationId: viewer.userId }) };
  const user = (await findUsers(options.contextFor(viewer, request), [viewer.userId])).get(viewer.userId);
  const isTheirs = user && (user.email === name.toLowerCase() || user.displayName === name);
  if (!isTheirs) throw new UnauthenticatedError();
  return { viewer, caller: () => ({ ctx: options.contextFor(viewer, request), applicationId: undefined }) };
}

/** https://www.rfc-editor.org/rfc/rfc7617#section-2 */
function parseCredentials(header: string | undefined): { name: string; key: string | undefined } {
  const [, encoded = ''] = /^Basic\s+([A-Za-z0-9+/_-]+={0,2})\s*$/i.exec(header ?? '') ?? [];
  const [, name = '', key] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  return { name, key };
}
