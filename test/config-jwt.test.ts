import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { jwtSettings } from '../src/config/jwt-settings.ts';
import { ConfigError, readConfig } from '../src/config.ts';
import { blocksOfDocs } from './support/markdown.ts';

const pemOf = (key: { export(options: { type: 'spki'; format: 'pem' }): unknown }) =>
  String(key.export({ type: 'spki', format: 'pem' }));
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const RSA = pemOf(rsa.publicKey);
const SHORT_RSA = pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey);
const EC = pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);
const PRIVATE = String(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }));
const SECRET = 'a secret of at least thirty-two bytes';

const issuer = { AUTH_JWT_ISSUER: 'https://login.example.com/', AUTH_JWT_AUDIENCE: 'attache' };
const client = { ...issuer, AUTH_JWT_CLIENT_ID: 'page' };

/** The problems that the error lists, one a line. */
function problems(env: Record<string, string>): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
}

test('no token is accepted by default', () => {
  expect(readConfig({})).toMatchObject({ jwtProviders: [], jwtKeyMs: 0 });
});

test('an issuer is found by discovery, with asymmetric algorithms and the defaults', () => {
  const [provider, ...others] = readConfig(issuer).jwtProviders;
  expect(others).toEqual([]);
  expect(provider).toMatchObject({
    issuer: 'https://login.example.com/',
    keys: { kind: 'discovery', url: 'https://login.example.com/.well-known/openid-configuration' },
    audiences: ['attache'],
    clockToleranceSeconds: 5,
    createUsers: true,
    linkByEmail: false,
    trustEmail: false,
    adminGroups: [],
    scopePrefix: undefined,
    claims: { name: 'name', email: 'email', avatar: 'picture', groups: 'groups' },
  });
  expect(provider?.algorithms).toContain('RS256');
  expect(provider?.algorithms.filter((name) => /^HS|none/i.test(name))).toEqual([]);
});

test('several issuers share the settings, or have their own in AUTH_JWT_PROVIDERS', () => {
  const two = { ...issuer, AUTH_JWT_ISSUER: 'https://a.example.com, https://b.example.com' };
  expect(readConfig(two).jwtProviders.map((one) => one.issuer)).toEqual([
    'https://a.example.com',
    'https://b.example.com',
  ]);
  const { jwtProviders } = readConfig({
    AUTH_JWT_ADMIN_GROUPS: 'admins',
    AUTH_JWT_PROVIDERS: JSON.stringify([
      { issuer: 'https://a.example.com', audience: 'attache', adminGroups: [] },
      { secret: SECRET, projectRoles: { staff: { 'Project:7': 'OWNER' } }, groupsClaim: 'roles' },
    ]),
  });
  expect(jwtProviders).toMatchObject([
    { issuer: 'https://a.example.com', audiences: ['attache'], adminGroups: [] },
    { issuer: undefined, keys: { kind: 'secret' }, audiences: [], adminGroups: ['admins'], algorithms: ['HS256'] },
  ]);
  expect(jwtProviders[1]?.projectRoles).toEqual(new Map([['staff', new Map([[7, 'OWNER']])]]));
});

test('each kind of key has its algorithms, and a line of a PEM may end with \\n in two characters', () => {
  const algorithms = (env: Record<string, string>) => readConfig(env).jwtProviders[0]?.algorithms;
  expect(algorithms({ AUTH_JWT_SECRET: SECRET })).toEqual(['HS256']);
  expect(algorithms({ AUTH_JWT_SECRET: SECRET, AUTH_JWT_ALGORITHMS: 'HS512' })).toEqual(['HS512']);
  expect(algorithms({ AUTH_JWT_PUBLIC_KEY: EC })).toEqual(['ES256']);
  expect(algorithms({ AUTH_JWT_PUBLIC_KEY: RSA.replaceAll('\n', '\\n') })).toContain('PS256');
  expect(algorithms({ ...issuer, AUTH_JWT_ALGORITHMS: 'ES256' })).toEqual(['ES256']);
});

test('with a client id, the page signs people in; each entry may have its own', () => {
  const page = { AUTH_JWT_CLIENT_ID: 'attache-page' };
  expect(readConfig(issuer).jwtProviders[0]?.client).toBeUndefined();
  expect(readConfig({ ...issuer, ...page }).jwtProviders[0]?.client).toEqual({
    clientId: 'attache-page',
    name: 'login.example.com',
    scope: 'openid profile email',
    token: 'access',
    params: {},
    discoveryUrl: 'https://login.example.com/.well-known/openid-configuration',
  });
  const { jwtProviders } = readConfig({
    ...page,
    AUTH_JWT_AUDIENCE: 'attache',
    AUTH_JWT_CLIENT_SCOPE: 'openid, offline_access',
    AUTH_JWT_PROVIDERS: JSON.stringify([
      { issuer: 'https://a.example.com', clientName: 'A', clientParams: { audience: 'attache' } },
      { issuer: 'https://b.example.com', audience: 'b', clientId: 'b', clientToken: 'id', clientScope: 'openid' },
    ]),
  });
  expect(jwtProviders.map((one) => one.client)).toMatchObject([
    { clientId: 'attache-page', name: 'A', scope: 'openid offline_access', params: { audience: 'attache' } },
    { clientId: 'b', name: 'b.example.com', scope: 'openid', token: 'id' },
  ]);
});

test('the settings of the documentation are accepted', () => {
  const examples = blocksOfDocs().filter(({ text }) => text.includes('AUTH_JWT_'));
  expect(examples.length).toBeGreaterThan(3);
  for (const { place, text } of examples) {
    // An example that can be copied as it is would be a secret that everybody knows.
    const filledIn = text.replaceAll('$(openssl rand -hex 32)', 'f'.repeat(64));
    const settings = [...filledIn.matchAll(/^(AUTH_\w+)=(?:'([^']*)'|(\S+))$/gm)];
    const env = Object.fromEntries(settings.map(([, name, quoted, bare]) => [name, quoted ?? bare]));
    expect([place, problems(env)]).toEqual([place, []]);
    expect([place, readConfig(env).jwtProviders.length > 0]).toEqual([place, true]);
  }
});

test('every setting is in the documentation', () => {
  const page = readFileSync('docs/configuration.md', 'utf8');
  expect(Object.keys(jwtSettings).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

describe('is refused:', () => {
  const cases: [env: Record<string, string>, problem: string | RegExp][] = [
    [{ AUTH_JWT_ISSUER: 'https://a.test' }, 'AUTH_JWT_AUDIENCE must name this server as its tokens do in "aud"'],
    [{ AUTH_JWT_SECRET: 'x'.repeat(32), AUTH_JWT_AUDIENCE: ', ' }, 'AUTH_JWT_AUDIENCE must name an audience'],
    [
      { AUTH_JWT_PROVIDERS: JSON.stringify([{ secret: 'x'.repeat(32), audience: [] }]) },
      'AUTH_JWT_PROVIDERS[0].audience must name an audience',
    ],
    [{ ...issuer, AUTH_JWT_ISSUER: 'http://a.test' }, /^AUTH_JWT_ISSUER must be an https URL/],
    [{ ...issuer, AUTH_JWT_ISSUER: 'a.test' }, /^AUTH_JWT_ISSUER must be an https URL/],
    [{ ...issuer, AUTH_JWKS_URL: 'http://localhost.test/keys' }, /^AUTH_JWKS_URL must be an https URL/],
    [
      { AUTH_JWKS_URL: 'https://a.test/keys', AUTH_JWT_AUDIENCE: 'x' },
      /^AUTH_JWT_ISSUER must be set beside AUTH_JWKS_URL/,
    ],
    [{ AUTH_JWT_SECRET: 'short' }, 'AUTH_JWT_SECRET must have at least 32 bytes'],
    [{ AUTH_JWT_PUBLIC_KEY: 'nonsense' }, /^AUTH_JWT_PUBLIC_KEY must be a public key in PEM/],
    [{ AUTH_JWT_PUBLIC_KEY: PRIVATE }, /^AUTH_JWT_PUBLIC_KEY must be a public key in PEM/],
    [{ AUTH_JWT_PUBLIC_KEY: SHORT_RSA }, /^AUTH_JWT_PUBLIC_KEY must be a public key in PEM/],
    [
      { AUTH_JWT_SECRET: SECRET, AUTH_JWT_PUBLIC_KEY: RSA },
      /^AUTH_JWT_SECRET and AUTH_JWT_PUBLIC_KEY exclude each other/,
    ],
    [{ AUTH_JWT_PUBLIC_KEY: RSA, AUTH_JWT_ALGORITHMS: 'RS256,HS256' }, /^AUTH_JWT_ALGORITHMS has HS256;/],
    [{ AUTH_JWT_PUBLIC_KEY: RSA, AUTH_JWT_ALGORITHMS: 'none' }, /^AUTH_JWT_ALGORITHMS has none;/],
    [{ AUTH_JWT_SECRET: SECRET, AUTH_JWT_ALGORITHMS: 'RS256' }, /^AUTH_JWT_ALGORITHMS has RS256;/],
    [{ AUTH_JWT_SECRET: SECRET, AUTH_JWT_ALGORITHMS: ',' }, 'AUTH_JWT_ALGORITHMS must name an algorithm'],
    [{ ...issuer, AUTH_JWT_ALGORITHMS: 'HS256' }, /^AUTH_JWT_ALGORITHMS has HS256;/],
    [{ AUTH_JWT_CLIENT_ID: 'page' }, /^AUTH_JWT_CLIENT_ID needs AUTH_JWT_ISSUER/],
    [{ AUTH_JWT_SECRET: SECRET, AUTH_JWT_CLIENT_ID: 'page' }, /^AUTH_JWT_CLIENT_ID needs AUTH_JWT_ISSUER, the URL/],
    [{ ...issuer, AUTH_JWT_CLIENT_NAME: 'A' }, 'AUTH_JWT_CLIENT_NAME needs AUTH_JWT_CLIENT_ID'],
    [{ ...client, AUTH_JWT_CLIENT_SCOPE: 'profile' }, 'AUTH_JWT_CLIENT_SCOPE must contain openid'],
    [{ ...client, AUTH_JWT_CLIENT_TOKEN: 'refresh' }, 'AUTH_JWT_CLIENT_TOKEN must be one of access, id'],
    [{ ...client, AUTH_JWT_CLIENT_TOKEN: 'id' }, /^AUTH_JWT_AUDIENCE must contain the client id/],
    [{ ...client, AUTH_JWT_CLIENT_PARAMS: '{"state": "1"}' }, /^AUTH_JWT_CLIENT_PARAMS must leave client_id,/],
    [{ ...client, AUTH_JWT_CLIENT_PARAMS: '{"max_age": 1}' }, /^AUTH_JWT_CLIENT_PARAMS\.max_age /],
    [
      { ...client, AUTH_JWT_ISSUER: 'https://a.test,https://b.test', AUTH_JWT_CLIENT_NAME: 'A' },
      /^AUTH_JWT_CLIENT_NAME is the same for several issuers/,
    ],
    [{ AUTH_JWT_ADMIN_GROUPS: 'admins' }, /^AUTH_JWT_ADMIN_GROUPS needs AUTH_JWT_ISSUER/],
    [
      { ...issuer, AUTH_JWT_PROJECT_ROLES: '{"staff": {"1": "EDITOR"}}' },
      'AUTH_JWT_PROJECT_ROLES.staff must name projects as in "Project:1"',
    ],
    [
      { ...issuer, AUTH_JWT_PROJECT_ROLES: '{"staff": {"Project:1": "BOSS"}}' },
      'AUTH_JWT_PROJECT_ROLES.staff.Project:1 must be VIEWER, EDITOR or OWNER',
    ],
    [{ ...issuer, AUTH_JWT_PROJECT_ROLES: 'staff' }, 'AUTH_JWT_PROJECT_ROLES is not valid JSON'],
    [
      { ...issuer, AUTH_JWT_PROVIDERS: '[{"secret": "x"}]' },
      'AUTH_JWT_PROVIDERS names all issuers: unset AUTH_JWT_ISSUER',
    ],
    [{ AUTH_JWT_PROVIDERS: '[]' }, 'AUTH_JWT_PROVIDERS must name an issuer'],
    [
      { AUTH_JWT_PROVIDERS: '[{"issuer": "https://a.test"}]' },
      /^AUTH_JWT_PROVIDERS\[0\]\.audience must name this server/,
    ],
    [{ AUTH_JWT_PROVIDERS: '[{"audience": "x"}]' }, /^AUTH_JWT_PROVIDERS\[0\] needs an issuer/],
    [{ AUTH_JWT_PROVIDERS: `[{"secret": "${SECRET}", "algorithm": "none"}]` }, /^AUTH_JWT_PROVIDERS\.0 /],
    [{ AUTH_JWT_PROVIDERS: `[{"secret": "${SECRET}"}, {"secret": "${SECRET}"}]` }, /name each issuer once/],
  ];
  test.each(cases)('%j', (env, problem) => {
    const found = problems(env);
    expect(found).toEqual([typeof problem === 'string' ? problem : expect.stringMatching(problem)]);
    expect(found.join()).not.toContain(SECRET);
  });

  test('everything at once, with the problems of other settings', () => {
    const env = { PORT: 'x', AUTH_JWT_SECRET: 'short', AUTH_JWT_ALGORITHMS: 'none' };
    expect(problems(env).map((line) => line.split(' ', 1)[0])).toEqual([
      'PORT',
      'AUTH_JWT_SECRET',
      'AUTH_JWT_ALGORITHMS',
    ]);
  });
});
