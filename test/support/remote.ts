import { type DocumentNode, print } from 'graphql';
import type { ServerProcess } from './process.ts';
import type { TestServer } from './server.ts';

/** What requests need of a server, for one that runs in a process of its own. */
export function remote({ graphqlUrl }: Pick<ServerProcess, 'graphqlUrl'>, key: string): TestServer {
  const server = {
    graphqlUrl,
    url: new URL(graphqlUrl).origin,
    wsUrl: graphqlUrl.replace('http', 'ws'),
    key,
    async query(document: DocumentNode, variables?: unknown, own = key) {
      const response = await fetch(graphqlUrl, {
        method: 'POST',
        headers: { authorization: `Bearer ${own}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query: print(document), variables }),
      });
      return response.json();
    },
  };
  return server as unknown as TestServer;
}
