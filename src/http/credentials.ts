import type { IncomingHttpHeaders } from 'node:http';

/** The API key in `Authorization: Bearer KEY`, or in `Authorization: KEY`. */
export function keyInHeader(headers: Pick<IncomingHttpHeaders, 'authorization'>): string | undefined {
  return parseKey(headers.authorization);
}

/**
 * The API key in a `connection_init` payload: a member `authorization` in any case, in the form of
 * the header. Browsers cannot set headers on a WebSocket.
 */
export function keyInConnectionParams(params: Record<string, unknown> | undefined): string | undefined {
  for (const [name, value] of Object.entries(params ?? {})) {
    if (name.toLowerCase() === 'authorization' && typeof value === 'string') return parseKey(value);
  }
  return undefined;
}

function parseKey(value: string | undefined): string | undefined {
  return /^(?:Bearer\s+)?(\S+)$/i.exec(value?.trim() ?? '')?.[1];
}
