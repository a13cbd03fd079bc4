import { setTimeout } from 'node:timers/promises';
import type { JwtProvider, Log } from '../../context.ts';
import { discover, isSafeEndpoint } from './discovery.ts';

/** The age after which they are read again, while the known ones are still used. */
const REFRESH_MS = 5 * 60_000;
/** After a failure, the time without a further attempt. */
const RETRY_MS = 2000;
/** How long a caller waits for the first ones. */
const WAIT_MS = 1500;

/** Where an issuer signs people in, by the names of OpenID Connect Discovery. */
export interface Endpoints {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  end_session_endpoint?: string;
  revocation_endpoint?: string;
  authorization_response_iss_parameter_supported?: true;
  id_token_signing_alg_values_supported?: string[];
}

/** The endpoints of an issuer. They are read at the first request for them, and at intervals. */
export class ProviderEndpoints {
  readonly #url: string;
  readonly #issuer: string;
  readonly #log: Log;
  #known: Endpoints | undefined;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<void> | undefined;

  constructor({ issuer = '', client }: JwtProvider, log: Log) {
    this.#url = client?.discoveryUrl ?? '';
    this.#issuer = issuer;
    this.#log = log;
  }

  /** The known ones; undefined while the issuer does not answer. Takes no longer than `WAIT_MS`. */
  async current(): Promise<Endpoints | undefined> {
    const now = performance.now();
    if (now - this.#loadedAt > REFRESH_MS && now - this.#failedAt > RETRY_MS) {
      this.#loading ??= this.#load().finally(() => {
        this.#loading = undefined;
      });
    }
    if (!this.#known && this.#loading) await withinTime(this.#loading);
    return this.#known;
  }

  async #load(): Promise<void> {
    try {
      this.#known = endpointsIn(await discover(this.#url, this.#issuer), this.#url);
      this.#loadedAt = performance.now();
    } catch (err) {
      this.#failedAt = performance.now();
      this.#log.warn({ err, url: this.#url }, 'the endpoints of an identity provider could not be read');
    }
  }
}

async function withinTime(loading: Promise<void>): Promise<void> {
  const abort = new AbortController();
  const timeout = setTimeout(WAIT_MS, undefined, { signal: abort.signal, ref: false }).catch(() => {});
  await Promise.race([loading, timeout]);
  abort.abort();
}

/**
 * RFC 8414, RFC 9207, and
 * https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
function endpointsIn(document: Record<string, unknown>, url: string): Endpoints {
  const { issuer, authorization_endpoint: authorization, token_endpoint: token } = document;
  if (!isSafeEndpoint(url, authorization) || !isSafeEndpoint(url, token))
    throw new Error('The document has no authorization_endpoint and token_endpoint of the same scheme.');
  const { end_session_endpoint: endSession, revocation_endpoint: revocation } = document;
  const algorithms = document.id_token_signing_alg_values_supported;
  return {
    issuer: issuer as string,
    authorization_endpoint: authorization,
    token_endpoint: token,
    ...(isSafeEndpoint(url, endSession) && { end_session_endpoint: endSession }),
    ...(isSafeEndpoint(url, revocation) && { revocation_endpoint: revocation }),
    ...(document.authorization_response_iss_parameter_supported === true && {
      authorization_response_iss_parameter_supported: true,
    }),
    ...(Array.isArray(algorithms) && { id_token_signing_alg_values_supported: algorithms.map(String) }),
  };
}
