import type { IncomingHttpHeaders } from 'node:http';

/** The key in `Authorization: Bearer KEY`, or in the bare `Authorization: KEY`. */
export function keyInHeader(headers: Pick<IncomingHttpHeaders, 'authorization'>): string | undefined {
  return keyIn(headers.authorization);
}

/**
 * The key in a `connection_init` payload, for browsers, which cannot set headers on a WebSocket: the same header
 * as a member, in any case.
 */
export function keyInConnectionParams(params: Record<string, unknown> | undefined): string | undefined {
  for (const [name, value] of Object.entries(params ?? {})) {
    if (name.toLowerCase() === 'authorization' && typeof value === 'string') return keyIn(value);
  }
  return undefined;
}

function keyIn(value: string | undefined): string | undefined {
  return /^(?:Bearer\s+)?(\S+)$/i.exec(value?.trim() ?? '')?.[1];
}
