import { fetchJson } from './fetch-json.ts';

/**
 * Reads what an issuer publishes about itself. Rejects unless it is about this issuer.
 * https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
 */
export async function discover(url: string, issuer: string): Promise<Record<string, unknown>> {
  const document = (await fetchJson(url)) as Record<string, unknown>;
  // "The issuer value returned MUST be identical to the Issuer URL".
  if (document.issuer !== issuer)
    throw new Error('The issuer in the document is not the configured one, letter by letter.');
  return document;
}

/** A host name or IP address, and a port: the syntax of a source in a content security policy. */
const HOST = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d+)?$/i;

/**
 * Whether an address in the document can be used: what is read from it or sent to it is no less
 * safe than the document. http is for localhost only, and there it leads to nothing else. The page
 * permits requests to some of them in its policy, where `https://*` would permit all servers, and
 * `;` would begin another directive; both are valid in the host of a URL.
 */
export function isSafeEndpoint(documentUrl: string, endpoint: unknown): endpoint is string {
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) return false;
  const [{ protocol: before, hostname }, next] = [new URL(documentUrl), new URL(endpoint)];
  if (!HOST.test(next.host)) return false;
  if (next.protocol === 'https:') return true;
  return before !== 'https:' && next.protocol === 'http:' && next.hostname === hostname;
}
