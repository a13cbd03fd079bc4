/**
 * Where the credentials of the page are: in the session storage of the tab, which ends with the
 * tab, or, when the user asks for it, in the local storage of the browser. They are never in a URL.
 */
const STORAGE_KEY = 'attache.credentials';

/** The stored token, if there is one. */
export function readToken(): string | undefined {
  return sessionStorage.getItem(STORAGE_KEY) ?? localStorage.getItem(STORAGE_KEY) ?? undefined;
}

/** Stores a token for this tab, or with `remember` for this browser. */
export function storeToken(token: string, { remember }: { remember: boolean }): void {
  forgetToken();
  (remember ? localStorage : sessionStorage).setItem(STORAGE_KEY, token);
}

/** Removes the stored token. */
export function forgetToken(): void {
  sessionStorage.removeItem(STORAGE_KEY);
  localStorage.removeItem(STORAGE_KEY);
}
