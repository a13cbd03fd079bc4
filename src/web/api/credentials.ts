import type { OpenIdCredentials } from '../sign-in/openid/openid-credentials.ts';
import { openRenewals } from './renewals.ts';
import { storageName } from './storage-name.ts';

/**
 * Who this tab acts as, and the one place that knows the token to send. GraphQL, uploads and the
 * WebSocket call `currentToken()` each time they need it: the tokens of an OpenID provider end.
 *
 * Credentials are kept in the session storage of the tab, which ends with the tab; an API key also
 * in the local storage of the browser, when the user chose that. They are never in a URL.
 */
const STORAGE_KEY = storageName('credentials');

/** The longest delay of a timer. */
const MAX_DELAY_MS = 2 ** 31 - 1;
/** A token that ends sooner than this is renewed before it is sent. */
const MARGIN_MS = 2000;
/** After a renewal that did not reach the provider, the time until the next attempt. */
const RETRY_MS = 5000;

export interface KeyCredentials {
  kind: 'key';
  token: string;
}

export type Credentials = KeyCredentials | OpenIdCredentials;

/** Nobody is signed in any more: the page shows the form to sign in. */
export class SessionEndedError extends Error {
  override readonly name = 'SessionEndedError';
  constructor() {
    super('The session has ended. Sign in again.');
  }
}

/** `not-renewed`: the provider renews, but gives no new token for this server. */
type EndReason = 'signed-out' | 'refused' | 'not-renewed';
type EndListener = (reason: EndReason) => void;

const endListeners = new Set<EndListener>();
const renewals = openRenewals<OpenIdCredentials>({
  onRenewed(replaced, next) {
    if (current?.token === replaced) replaceCredentials(next);
  },
});
let current = readStored();
let renewing: Promise<string> | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Who this tab acts as; undefined when nobody has signed in. */
export const currentCredentials = (): Credentials | undefined => current;

/**
 * Resolves to the token to send now, which is renewed first if it has ended. Rejects with
 * `SessionEndedError`, or with an error for people while the provider cannot be reached.
 */
export async function currentToken(): Promise<string> {
  if (!current) throw new SessionEndedError();
  const isRenewable = current.kind === 'openid' && current.refreshToken !== undefined;
  // A request takes time to arrive, and providers count whole seconds.
  const margin = isRenewable ? MARGIN_MS : 0;
  if (current.kind === 'key' || Date.now() < current.expiresAt - margin) return current.token;
  return renewToken(current.token);
}

/**
 * Resolves to another token than the one that the server refused or that ends soon. One renewal
 * runs at a time, and all who wait get its token. Without a way to renew it, the session ends.
 */
export function renewToken(refused: string): Promise<string> {
  if (!current) return Promise.reject(new SessionEndedError());
  if (current.token !== refused) return Promise.resolve(current.token);
  return renewOnce(refused, { isEarly: false });
}

function renewOnce(former: string, options: RenewalOptions): Promise<string> {
  renewing ??= renew(former, options).finally(() => {
    renewing = undefined;
  });
  return renewing;
}

/** Signs in: these are the credentials from now on. */
export function storeCredentials(credentials: Credentials, { remember }: { remember: boolean }): void {
  clearStored();
  (remember ? localStorage : sessionStorage).setItem(STORAGE_KEY, JSON.stringify(credentials));
  current = credentials;
  scheduleRenewal();
}

/** Takes renewed tokens. The key that another tab may have in the local storage is not theirs. */
function replaceCredentials(next: OpenIdCredentials): void {
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify(next));
  current = next;
  scheduleRenewal();
}

/** Removes the stored credentials of this tab, and no others. */
function clearStored(): void {
  sessionStorage.removeItem(STORAGE_KEY);
  if (current && localStorage.getItem(STORAGE_KEY) === JSON.stringify(current)) localStorage.removeItem(STORAGE_KEY);
}

/** Forgets the credentials, and reports the end to the listeners. */
export function endSession(reason: EndReason): void {
  clearTimeout(timer);
  if (!current) return;
  clearStored();
  current = undefined;
  for (const listener of endListeners) listener(reason);
}

/** Calls the listener whenever a session ends. Returns the function that removes it. */
export function onSessionEnd(listener: EndListener): () => void {
  endListeners.add(listener);
  return () => endListeners.delete(listener);
}

function readStored(): Credentials | undefined {
  const stored = sessionStorage.getItem(STORAGE_KEY) ?? localStorage.getItem(STORAGE_KEY);
  try {
    return stored === null ? undefined : (JSON.parse(stored) as Credentials);
  } catch {
    return undefined;
  }
}

interface RenewalOptions {
  /** Whether the token can still be used, so that the session continues without another one. */
  isEarly: boolean;
}

async function renew(refused: string, options: RenewalOptions): Promise<string> {
  const run = () => renewNow(refused, options);
  // A lock of all tabs: one that was duplicated has the same refresh token.
  return navigator.locks ? navigator.locks.request(STORAGE_KEY, run) : run();
}

async function renewNow(refused: string, { isEarly }: RenewalOptions): Promise<string> {
  if (!current) throw new SessionEndedError();
  if (current.token === refused && current.kind === 'openid') await renewals.request(refused);
  if (!current) throw new SessionEndedError();
  if (current.token !== refused) return current.token;
  const former = current;
  if (former.kind === 'key' || former.refreshToken === undefined) return refuse();
  const { refreshCredentials } = await import('../sign-in/openid/client.ts');
  const next = await refreshCredentials(former);
  if (current !== former) throw new SessionEndedError(); // signed out meanwhile
  if (!next) return refuse();
  replaceCredentials(next);
  renewals.publish(former.token, next);
  if (next.token === refused && !isEarly) return refuse('not-renewed');
  return next.token;
}

function refuse(reason: EndReason = 'refused'): never {
  endSession(reason);
  throw new SessionEndedError();
}

/** Renews the token in the background before it ends, so that nobody waits for it. */
function scheduleRenewal(delay = current?.kind === 'openid' ? current.renewAt - Date.now() : undefined): void {
  clearTimeout(timer);
  if (delay === undefined) return;
  timer = setTimeout(renewInBackground, Math.min(Math.max(delay, 0), MAX_DELAY_MS));
}

function renewInBackground(): void {
  if (current?.kind !== 'openid') return;
  const remaining = (current.refreshToken === undefined ? current.expiresAt : current.renewAt) - Date.now();
  if (remaining > 0) scheduleRenewal(remaining);
  else {
    renewOnce(current.token, { isEarly: Date.now() < current.expiresAt }).catch((error) => {
      // Callers that need a token meanwhile get the error; the next attempt continues the session.
      if (!(error instanceof SessionEndedError)) scheduleRenewal(RETRY_MS);
    });
  }
}

// Another tab has signed out of a session that is remembered.
addEventListener('storage', ({ key, oldValue, newValue }) => {
  if (key === STORAGE_KEY && newValue === null && oldValue === JSON.stringify(current)) endSession('signed-out');
});

scheduleRenewal();
