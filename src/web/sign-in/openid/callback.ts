import { storageName } from '../../api/storage-name.ts';

/**
 * A sign-in that this tab has begun at a provider. The provider's answer must fit to it: its state
 * proves that the answer belongs to it, and the verifier that the code is used by this tab.
 */
export interface PendingSignIn {
  issuer: string;
  state: string;
  nonce: string;
  verifier: string;
  /** The page to return to, as in `graphql`; empty for the one at the root. */
  page: '' | 'graphql';
  /** The location to return to, as in `#/Task:1`. */
  hash: string;
}

/** The answer of a provider, and what it should belong to. */
export interface Callback {
  params: URLSearchParams;
  pending: PendingSignIn | undefined;
}

const STORAGE_KEY = storageName('sign-in');

export const storePending = (pending: PendingSignIn): void =>
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify(pending));

/**
 * Takes the answer of a provider out of the address, where it would stay in the history and be used
 * again when the page is loaded again. Undefined when there is none.
 */
function takeCallback(): Callback | undefined {
  const params = new URLSearchParams(location.search);
  const stored = sessionStorage.getItem(STORAGE_KEY);
  sessionStorage.removeItem(STORAGE_KEY);
  if (!params.has('state') && !params.has('code') && !params.has('error')) return undefined;
  const pending = stored === null ? undefined : (JSON.parse(stored) as PendingSignIn);
  history.replaceState(null, '', `${location.pathname}${pending?.hash ?? location.hash}`);
  return { params, pending };
}

/** The answer with which the page was opened. */
export const callback = takeCallback();
