import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ask, codeOf, errorOf } from '../../support/client.ts';
import { acceptsTokensOf, forge, ISSUER, SECRET, sharedSecret, startKeyServer, tokenOf } from '../../support/jwt.ts';
import { startProcess } from '../../support/process.ts';
import { openProtocolSocket } from '../../support/protocol-socket.ts';
import { ADMIN_KEY, startTestServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const viewer = '{ viewer { id } }';
const now = () => Math.floor(Date.now() / 1000);
const deepHeader = `{"alg":"HS256","x":${'['.repeat(2000)}${']'.repeat(2000)}}`;
const swapPayload = async (token: Promise<string>, payload: object) =>
  (await token).replace(/\.[^.]+\./, `.${forge('', payload, '').split('.')[1]}.`);
const ANOTHER_ISSUER = 'UNAUTHENTICATED: The token is of an issuer that this server does not accept.';
const EXPIRED = 'UNAUTHENTICATED: The token has expired. Get a new one, and send the request again.';
const INVALID = 'UNAUTHENTICATED: The token is not valid here. Sign in again.';

const SUBJECT = 'UNAUTHENTICATED: The token has no subject, "sub", that this server accepts.';

/** The claims of a token that is accepted when its signature is right. */
const claimsOf = (subject: string) => ({ iss: ISSUER, aud: 'attache', sub: subject, exp: now() + 60 });

const refused: [name: string, token: () => string | Promise<string>, message: string][] = [
  ['the algorithm none', () => forge({ alg: 'none' }, claimsOf('ada'), ''), INVALID],
  ['the algorithm none and a signature', () => forge({ alg: 'none' }, claimsOf('ada'), 'AAAA'), INVALID],
  ['another secret', () => tokenOf('ada', {}, { secret: SECRET.replace('s', 'S') }), INVALID],
  ['no signature', async () => (await tokenOf('ada')).replace(/[^.]+$/, ''), INVALID],
  ['the signature of another token', () => swapPayload(tokenOf('ada'), claimsOf('bob')), INVALID],
  ['another HMAC than the default', () => tokenOf('ada', {}, { header: { alg: 'HS512' } }), INVALID],
  ['a critical extension', () => forge({ alg: 'HS256', crit: ['x'], x: 1 }, claimsOf('ada'), 'AAAA'), INVALID],
  ['a header 2,000 levels deep', () => forge(deepHeader, claimsOf('ada'), 'AAAA'), INVALID],
  ['claims 2,000 levels deep', () => forge({ alg: 'HS256' }, deepHeader.replace('alg', 'iss'), 'AAAA'), ANOTHER_ISSUER],
  ['the type of a logout', () => tokenOf('ada', {}, { header: { typ: 'logout+jwt' } }), INVALID],
  ['an end in the past', () => tokenOf('ada', { exp: now() - 60 }), EXPIRED],
  ['a start in the future', () => tokenOf('ada', { nbf: now() + 600 }), 'UNAUTHENTICATED: The token is not valid yet.'],
  ['another audience', () => tokenOf('ada', { aud: 'x' }), 'UNAUTHENTICATED: The token is for another audience.'],
  ['no audience', () => tokenOf('ada', { aud: undefined }), 'UNAUTHENTICATED: The token is for another audience.'],
  ['another issuer', () => tokenOf('ada', { iss: 'https://another.test' }), ANOTHER_ISSUER],
  ['no issuer', () => tokenOf('ada', { iss: undefined }), ANOTHER_ISSUER],
  ['a list as its issuer', () => tokenOf('ada', { iss: [ISSUER] }), ANOTHER_ISSUER],
  [
    'no end',
    () => tokenOf('ada', { exp: undefined }),
    'UNAUTHENTICATED: The token has no end, "exp". This server requires one.',
  ],
  [
    'no time of issue',
    () => tokenOf('ada', { iat: undefined }),
    'UNAUTHENTICATED: The token has no time of issue, "iat". This server requires one.',
  ],
  ['no subject', () => tokenOf('', { sub: undefined }), INVALID],
  ['an empty subject', () => tokenOf(''), SUBJECT],
  ['a NUL in its subject', () => tokenOf('a\0b'), SUBJECT],
  ['a subject of 300 characters', () => tokenOf('a'.repeat(300)), SUBJECT],
  ['a number as its subject', () => tokenOf('', { sub: 1 }), SUBJECT],
];

describe('a token signed with the shared secret', () => {
  test('is accepted when everything is right', async () => {
    await using server = await startTestServer(sharedSecret);
    const { viewer: user } = await ask<{ viewer: { id: string } }>(server, viewer, {}, await tokenOf('ada'));
    expect(user.id).toMatch(/^User:\d+$/);
  });

  test.each(refused)('is refused with %s', async (_name, token, message) => {
    await using server = await startTestServer(sharedSecret);
    expect(await errorOf(server, viewer, {}, await token())).toBe(message);
  });

  test('of 100 kB is refused, over HTTP by its headers and over WebSocket by its first message', async () => {
    await using server = await startTestServer(sharedSecret);
    const token = await tokenOf('ada', { filler: 'x'.repeat(100_000) });
    const response = await fetch(server.graphqlUrl, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(431);
    await using socket = await openProtocolSocket(server, token);
    expect(await socket.closed).toBe(1009);
  });

  test('is an unknown key where no issuer is configured', async () => {
    await using server = await startTestServer();
    expect(await errorOf(server, viewer, {}, await tokenOf('ada'))).toContain('No valid API key');
  });

  test('in JWE form, or with fewer parts, is an unknown key', async () => {
    await using server = await startTestServer(sharedSecret);
    const token = await tokenOf('ada');
    for (const wrong of [`${token}.a.b`, token.split('.', 2).join('.'), `x${token}`, `${token}=`])
      expect(await errorOf(server, viewer, {}, wrong)).toMatch(/^UNAUTHENTICATED: /);
  });
});

test('the public key of an issuer is not accepted as the secret of an HMAC', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  await using server = await startTestServer({ AUTH_JWT_PUBLIC_KEY: pem.replaceAll('\n', '\\n') });
  const claims = { sub: 'ada', iat: now(), exp: now() + 60 };
  const good = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
  const response = await fetch(`${server.graphqlUrl}?query=${viewer}`, {
    headers: { authorization: `Bearer ${good}` },
  });
  expect(response.status).toBe(200);
  for (const secret of [pem, pem.trim(), pem.replaceAll('\n', '\\n')]) {
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(secret));
    expect(await errorOf(server, viewer, {}, confused)).toBe(INVALID);
  }
});

test('tokens of a provider with unknown keys are refused, and do not make the server query it again and again', async () => {
  await using provider = await startKeyServer();
  await using server = await startTestServer(acceptsTokensOf(provider.issuer));
  expect(await errorOf(server, viewer, {}, await provider.sign({ aud: 'another' }))).toContain('another audience');
  for (let index = 0; index < 25; index++)
    expect(await errorOf(server, viewer, {}, await provider.sign({}, { kid: `invented-${index}` }))).toBe(INVALID);
  // One at the first token, and at most five for unknown keys; a slow machine may earn another.
  expect(provider.reads).toBeLessThan(10);
  expect(await errorOf(server, viewer, {}, await provider.sign({ iss: `${provider.issuer}/` }))).toContain('an issuer');
});

test('an address that sends many wrong tokens waits, and an expired token is no guess', async () => {
  await using server = await startTestServer(sharedSecret);
  // The limit of attempts is refilled every second.
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  for (let index = 0; index < 40; index++) {
    const expired = await tokenOf(`user-${index}`, { exp: now() - 60 });
    expect(await errorOf(server, viewer, {}, expired)).toContain('The token has expired');
  }
  const errors = [];
  for (let index = 0; index < 40; index++)
    errors.push(await errorOf(server, viewer, {}, await tokenOf(`user-${index}`, {}, { secret: `${SECRET} not` })));
  expect(errors[0]).toBe(INVALID);
  expect(errors.some((error) => error.startsWith('RATE_LIMITED'))).toBe(true);
});

test('the log has neither a token nor a part of one', async () => {
  await using provider = await startKeyServer();
  await using folder = await temporaryFolder('tokens');
  const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY, LOG_LEVEL: 'trace' };
  await using server = await startProcess({ ...env, ...acceptsTokensOf(provider.issuer) });
  provider.mode = 'fail';
  const tokens = [await provider.sign({})];
  expect(await errorOf(server, viewer, {}, tokens[0])).toMatch(/^SERVICE_UNAVAILABLE/);
  provider.mode = 'answer';
  await expect.poll(() => codeOf(server, viewer, {}, tokens[0])).toBeUndefined();
  tokens.push(await provider.sign({ exp: now() - 60 }), await provider.sign({}, { kid: 'x' }), await tokenOf('ada'));
  for (const token of tokens.slice(1)) expect(await codeOf(server, viewer, {}, token)).toBe('UNAUTHENTICATED');
  for (let index = 0; index < 40; index++) {
    tokens.push(await provider.sign({ sub: `user-${index}` }, { typ: 'x' }));
    await codeOf(server, viewer, {}, tokens.at(-1));
  }
  await expect.poll(() => server.logged()).toContain('an address repeatedly fails to sign in');
  expect(server.logged()).toContain('the keys of an identity provider could not be read');
  const parts = tokens.flatMap((token) => token.split('.').slice(1));
  expect(parts.filter((part) => (server.logged() + server.printed()).includes(part))).toEqual([]);
});
