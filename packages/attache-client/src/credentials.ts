/**
 * An API key or a token of an identity provider, or a function that returns one. The function is
 * called for each connection and each request, and may return the same token again. `isRefused`
 * says that the server did not accept the last one: return a new one then.
 */
export type Token = string | ((request: { isRefused: boolean }) => string | Promise<string>);

/**
 * Throw this from a token function when only the user can sign in again. Subscriptions and uploads
 * then end with it. They repeat every other error of the function, such as a lost connection to the
 * identity provider.
 */
export class SignInRequiredError extends Error {
  override readonly name = 'SignInRequiredError';
}

/** The value of the header `Authorization`; undefined without a token. */
export async function authorizationOf(token: Token | undefined, isRefused = false): Promise<string | undefined> {
  const value = typeof token === 'function' ? await token({ isRefused }) : token;
  return value === undefined ? undefined : `Bearer ${value}`;
}
