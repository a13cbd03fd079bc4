import { ApolloClient, ApolloLink, gql, InMemoryCache } from '@apollo/client';
import { createSubscriptionLink, createUploadLink } from 'attache-client/apollo';
import { SubscriptionClient, type SubscriptionStatus } from 'attache-client/subscriptions';
import { OperationTypeNode } from 'graphql';
import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { cursorOf, eventSubscription, type FileEvent, readEvents } from '../support/events.ts';
import { uploadFile, uploadQuery } from '../support/files.ts';
import { acceptsAccountsOf, type OpenIdProvider, startOpenIdProvider } from '../support/oidc-provider.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const uploadMutation = gql(uploadQuery('Task:1'));

/** How long before its end a token is refreshed: longer than a busy machine needs for a request. */
const MARGIN_MS = 4000;

/** Signs in. The result returns a token that is valid for some time, as libraries do. */
async function openSession(provider: OpenIdProvider): Promise<() => Promise<string>> {
  let tokens = await provider.signIn('ada');
  let refreshing: Promise<void> | undefined;
  const endOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).exp * 1000;
  const refresh = async () => {
    tokens = await provider.refresh(tokens);
    refreshing = undefined;
  };
  return async () => {
    if (endOf(tokens.access_token) - Date.now() < MARGIN_MS) refreshing ??= refresh();
    await refreshing;
    return tokens.access_token;
  };
}

/** Apollo Client with the links of attache-client. */
function startApollo(server: TestServer, token: () => Promise<string>) {
  const statuses: SubscriptionStatus[] = [];
  const subscriptions = new SubscriptionClient({
    url: server.graphqlUrl,
    token,
    onStatus: (status) => statuses.push(status),
    retryDelay: () => 0,
  });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      createSubscriptionLink(subscriptions),
      createUploadLink({ url: server.graphqlUrl, token }),
    ),
  });
  return {
    client,
    /** How often the connection was lost. */
    losses: () => statuses.filter((status) => status === 'reconnecting').length,
    async [Symbol.asyncDispose]() {
      client.stop();
      await subscriptions[Symbol.asyncDispose]();
    },
  };
}

test('Apollo Client with tokens that are refreshed over their expiry receives every event once, while it uploads', async () => {
  await using provider = await startOpenIdProvider({ lifetime: 8 });
  await using server = await startTestServer(acceptsAccountsOf(provider.issuer));
  const token = await openSession(provider);
  await ask(server, '{ viewer { id } }', {}, await token());
  await using apollo = startApollo(server, token);
  const after = await cursorOf(server, 'Task:1');
  const received: (string | undefined)[] = [];
  const endings: unknown[] = [];
  const subscription = apollo.client
    .subscribe<{ event: FileEvent }>({ query: gql(eventSubscription()), variables: { on: 'Task:1', after } })
    .subscribe({
      next: ({ data, error }) => void received.push(error ? String(error) : data?.event.file.name),
      error: (error) => endings.push(error),
      complete: () => endings.push('complete'),
    });
  const uploaded: string[] = [];
  while (apollo.losses() < 2 || uploaded.length < 20) {
    const [own, other] = [`own ${uploaded.length}`, `another ${uploaded.length}`];
    await Promise.all([
      uploadFile(server, 'Task:1', other),
      apollo.client.mutate({
        mutation: uploadMutation,
        variables: { taskId: 'Task:1', files: [new File([own], own)] },
      }),
    ]);
    uploaded.push(own, other);
  }
  const expected = (await readEvents(server, 'Task:1', { after })).map(({ file }) => file.name);
  expect(new Set(expected)).toEqual(new Set(uploaded));
  await expect.poll(() => received).toEqual(expected);
  expect(endings).toEqual([]);
  subscription.unsubscribe();
});
