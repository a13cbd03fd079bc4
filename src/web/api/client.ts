import { Client, cacheExchange, fetchExchange } from 'urql';
import { authorizedFetch, withToken } from './authorized-fetch.ts';
import { serverUrl } from './server-url.ts';

/** A client of the GraphQL API that sends the current token with each request. */
export const createClient = (): Client => clientWith(authorizedFetch);

/** A client that sends this token, whether or not anybody is signed in. */
export const createClientFor = (token: string): Client =>
  clientWith((input, init = {}) => fetch(input, withToken(init, token)));

const clientWith = (fetchWithToken: typeof fetch): Client =>
  new Client({
    url: serverUrl('graphql'),
    preferGetMethod: false,
    exchanges: [cacheExchange, fetchExchange],
    fetch: fetchWithToken,
  });
