import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const ids = new WeakMap<IncomingMessage, string>();

/**
 * The id of a request: that of `X-Request-Id`, as a proxy sets it, when it is short and plain; a
 * random one otherwise. It is the same at every call.
 */
export function requestIdOf(request: IncomingMessage): string {
  const known = ids.get(request);
  if (known) return known;
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && /^[\w.:+/=-]{1,64}$/.test(given) ? given : randomUUID();
  ids.set(request, id);
  return id;
}
