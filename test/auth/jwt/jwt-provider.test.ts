import { expect, test } from 'vitest';
import { ask, codeOf, errorOf } from '../../support/client.ts';
import { acceptsTokensOf, type KeyServer, startKeyServer } from '../../support/jwt.ts';
import { acceptsAccountsOf, startOpenIdProvider } from '../../support/oidc-provider.ts';
import { openProtocolSocket } from '../../support/protocol-socket.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

const viewerQuery = '{ viewer { id displayName email } }';
const viewerOf = async (server: TestServer, token: string) =>
  (await ask<{ viewer: { id: string; displayName: string; email: string } }>(server, viewerQuery, {}, token)).viewer;

test('a person who signs in at a real OpenID provider is a user, also after the provider has rotated its keys', async () => {
  await using provider = await startOpenIdProvider();
  await using server = await startTestServer(acceptsAccountsOf(provider.issuer));
  const tokens = await provider.signIn('ada');
  const ada = await viewerOf(server, tokens.access_token);
  expect(ada).toMatchObject({ displayName: 'ada', email: 'ada@example.com' });
  expect(await viewerOf(server, (await provider.refresh(tokens)).access_token)).toEqual(ada);
  await provider.rotateKeys();
  expect(await viewerOf(server, (await provider.signIn('ada')).access_token)).toEqual(ada);
  expect((await viewerOf(server, (await provider.signIn('bob')).access_token)).id).not.toBe(ada.id);
});

test('a token whose key was withdrawn is refused once it has to be verified, and others are not', async () => {
  await using provider = await startKeyServer();
  await using server = await startTestServer(acceptsTokensOf(provider.issuer));
  const [old, unseen] = [await provider.sign({}), await provider.sign({ sub: 'bob' })];
  const { id } = await viewerOf(server, old);
  await provider.rotate();
  expect((await viewerOf(server, await provider.sign({}))).id).toBe(id);
  expect(await codeOf(server, viewerQuery, {}, unseen)).toBe('UNAUTHENTICATED');
});

test('the server starts while its provider is down, serves keys, and accepts tokens once the provider is up', async () => {
  const stopped = await startOpenIdProvider();
  const { issuer } = stopped;
  const early = (await stopped.signIn('ada')).access_token;
  await stopped[Symbol.asyncDispose]();
  await using server = await startTestServer(acceptsAccountsOf(issuer));
  expect(await codeOf(server, viewerQuery)).toBeUndefined();
  const response = await fetch(server.graphqlUrl, { method: 'POST', headers: { authorization: `Bearer ${early}` } });
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  expect((await response.json()).errors[0].extensions.code).toBe('SERVICE_UNAVAILABLE');
  // The clients of graphql-ws reconnect after this code.
  await using socket = await openProtocolSocket(server, early);
  expect(await socket.closed).toBe(1013);
  await using provider = await startOpenIdProvider({}, Number(new URL(issuer).port));
  const { access_token } = await provider.signIn('ada');
  await expect.poll(() => codeOf(server, viewerQuery, {}, access_token)).toBeUndefined();
});

const failures: [mode: KeyServer['mode'], what: string][] = [
  ['fail', 'answers with an error'],
  ['nonsense', 'answers with something else'],
  ['flood', 'answers with a megabyte'],
  ['stall', 'does not answer'],
];

test.each(failures)(
  'a provider in the mode %s, which %s, is unavailable, and others sign in meanwhile',
  async (mode) => {
    await using provider = await startKeyServer();
    provider.mode = mode;
    await using server = await startTestServer(acceptsTokensOf(provider.issuer));
    const token = await provider.sign({});
    const waiting = errorOf(server, viewerQuery, {}, token);
    expect(await codeOf(server, viewerQuery)).toBeUndefined();
    expect(await waiting).toMatch(/^SERVICE_UNAVAILABLE: The identity provider/);
    provider.mode = 'answer';
    await expect.poll(() => codeOf(server, viewerQuery, {}, token)).toBeUndefined();
    // With known keys, tokens are verified without the provider.
    provider.mode = mode;
    expect(await codeOf(server, viewerQuery, {}, await provider.sign({ sub: 'bob' }))).toBeUndefined();
  },
);

test('concurrent sign-ins read the keys once', async () => {
  await using provider = await startKeyServer();
  await using server = await startTestServer(acceptsTokensOf(provider.issuer));
  const tokens = await Promise.all(Array.from({ length: 20 }, (_, index) => provider.sign({ sub: `user-${index}` })));
  await Promise.all(tokens.map((token) => viewerOf(server, token)));
  expect(provider.reads).toBe(1);
});

test('a document of discovery with another issuer gives no keys', async () => {
  await using provider = await startKeyServer();
  const issuer = provider.issuer.replace('127.0.0.1', 'localhost');
  await using server = await startTestServer(acceptsTokensOf(issuer));
  expect(await errorOf(server, viewerQuery, {}, await provider.sign({ iss: issuer }))).toMatch(/^SERVICE_UNAVAILABLE/);
  expect(provider.reads).toBe(0);
});

test('several issuers with different settings are distinguished by "iss", and one subject of two issuers is two users', async () => {
  await using one = await startKeyServer();
  await using two = await startKeyServer();
  await using server = await startTestServer({
    AUTH_JWT_PROVIDERS: JSON.stringify([
      { issuer: one.issuer, audience: 'attache' },
      { issuer: two.issuer, jwksUrl: `${two.issuer}/keys`, audience: ['other', 'files'], createUsers: true },
    ]),
  });
  const first = await viewerOf(server, await one.sign({}));
  const second = await viewerOf(server, await two.sign({ aud: 'files' }));
  expect(first.id).not.toBe(second.id);
  expect(await errorOf(server, viewerQuery, {}, await two.sign({}))).toContain('another audience');
  // The keys of the one issuer sign nothing for the other.
  expect(await codeOf(server, viewerQuery, {}, await two.sign({ iss: one.issuer, aud: 'attache' }))).toBe(
    'UNAUTHENTICATED',
  );
});
