import { Client, cacheExchange, fetchExchange } from 'urql';
import { serverUrl } from './server-url.ts';

/** A client of the GraphQL API that sends a token with each request. */
export function createClient(token: string): Client {
  return new Client({
    url: serverUrl('graphql'),
    preferGetMethod: false,
    exchanges: [cacheExchange, fetchExchange],
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
  });
}
