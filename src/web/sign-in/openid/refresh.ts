import type { OpenIdCredentials } from '../../api/credentials.ts';

/** Gets new tokens from the provider. Resolves to undefined when the provider refuses. */
export async function refreshCredentials(_former: OpenIdCredentials): Promise<OpenIdCredentials | undefined> {
  return undefined;
}
