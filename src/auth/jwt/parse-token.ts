/**
 * The most characters of a token. The headers of an HTTP request and the first message of a
 * WebSocket have no more.
 */
const MAX_LENGTH = 16 * 1024;

/** A token whose signature was not checked: everything in it may be forged. */
export interface UnverifiedToken {
  /** The claim `iss`, which selects the keys that the signature is checked with. */
  issuer: unknown;
}

/**
 * Reads a signed JSON Web Token: three parts in base64url, of which the first is a JOSE header.
 * Undefined for anything else, such as an API key.
 * https://www.rfc-editor.org/rfc/rfc7519#section-7.2
 */
export function parseToken(text: string): UnverifiedToken | undefined {
  if (text.length > MAX_LENGTH || !/^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)) return undefined;
  const [header = '', payload = ''] = text.split('.', 2);
  const { alg } = jsonObjectIn(header);
  return typeof alg === 'string' ? { issuer: jsonObjectIn(payload).iss } : undefined;
}

function jsonObjectIn(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
