import { z } from 'zod';
import { discoveryUrl, isSecureUrl } from './jwt-keys.ts';
import { jsonText } from './values.ts';

/** How the page signs people in at a provider: as a client of OAuth 2.0 that has no secret. */
export interface OpenIdClient {
  clientId: string;
  /** The name of the provider on the button. */
  name: string;
  /** What the page requests, between spaces; always with `openid`. */
  scope: string;
  /** Which of its tokens the page sends to this server. */
  token: (typeof tokenKinds)[number];
  /** Further parameters of the authorization request, such as `audience`. */
  params: Readonly<Record<string, string>>;
  /** Where the provider's endpoints are read from. */
  discoveryUrl: string;
}

const tokenKinds = ['access', 'id'] as const;
const tokenKind = z.enum(tokenKinds, `must be one of ${tokenKinds.join(', ')}`);
const scope = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .refine((parts) => parts.includes('openid'), 'must contain openid')
  .transform((parts) => parts.join(' '));

/** What the page sets itself: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1 and others. */
const OWN_PARAMS = [
  ...['client_id', 'client_secret', 'response_type', 'response_mode', 'redirect_uri', 'scope', 'state', 'nonce'],
  ...['code_challenge', 'code_challenge_method', 'request', 'request_uri'],
];
const params = z
  .record(z.string(), z.string(), 'must be a JSON object of texts as in {"audience": "https://files.example.com"}')
  .refine((given) => !OWN_PARAMS.some((name) => Object.hasOwn(given, name)), {
    error: `must leave ${OWN_PARAMS.join(', ')} to the page`,
  });

/** The environment variables of the page's sign-in. */
export const jwtClientSettings = {
  AUTH_JWT_CLIENT_ID: z.string().optional(),
  AUTH_JWT_CLIENT_NAME: z.string().max(100).optional(),
  AUTH_JWT_CLIENT_SCOPE: scope.default('openid profile email'),
  AUTH_JWT_CLIENT_TOKEN: tokenKind.default('access'),
  AUTH_JWT_CLIENT_PARAMS: jsonText.pipe(params).default({}),
};

/** The same in an entry of `AUTH_JWT_PROVIDERS`. */
export const jwtClientEntry = {
  clientId: z.string().min(1).optional(),
  clientName: z.string().min(1).max(100).optional(),
  clientScope: scope.optional(),
  clientToken: tokenKind.optional(),
  clientParams: params.optional(),
};

type Settings = z.infer<z.ZodObject<typeof jwtClientSettings>>;
type Entry = z.infer<z.ZodObject<typeof jwtClientEntry>> & { issuer?: string | undefined };

/** The client of an issuer, if the page offers to sign in there, and what is wrong with it. */
export function clientOf(
  one: Entry,
  data: Settings,
  audiences: readonly string[],
  where: string | undefined,
): { client: OpenIdClient | undefined; problems: string[] } {
  const name = (variable: string, member: string) => (where ? `${where}.${member}` : variable);
  const clientId = one.clientId ?? data.AUTH_JWT_CLIENT_ID;
  if (clientId === undefined) return { client: undefined, problems: [] };
  if (one.issuer === undefined || !isSecureUrl(one.issuer)) {
    const problem = `needs ${name('AUTH_JWT_ISSUER', 'issuer')}, the URL of OpenID discovery: https, or http on localhost`;
    return { client: undefined, problems: [`${name('AUTH_JWT_CLIENT_ID', 'clientId')} ${problem}`] };
  }
  const token = one.clientToken ?? data.AUTH_JWT_CLIENT_TOKEN;
  // https://openid.net/specs/openid-connect-core-1_0.html#IDToken: "It MUST contain the OAuth 2.0
  // client_id of the Relying Party as an audience value."
  const isRefused = token === 'id' && audiences.length > 0 && !audiences.includes(clientId);
  const problems = isRefused
    ? [`${name('AUTH_JWT_AUDIENCE', 'audience')} must contain the client id, which ID tokens have in "aud"`]
    : [];
  const client = {
    clientId,
    name: one.clientName ?? data.AUTH_JWT_CLIENT_NAME ?? new URL(one.issuer).host,
    scope: one.clientScope ?? data.AUTH_JWT_CLIENT_SCOPE,
    token,
    params: one.clientParams ?? data.AUTH_JWT_CLIENT_PARAMS,
    discoveryUrl: discoveryUrl(one.issuer),
  };
  return { client, problems };
}

/** What is wrong with all clients together. */
export function problemsOfClients(
  clients: readonly OpenIdClient[],
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const names = clients.map(({ name }) => name);
  const useless = Object.keys(jwtClientSettings).filter(
    (name) => clients.length === 0 && name !== 'AUTH_JWT_CLIENT_ID' && env[name] !== undefined,
  );
  return [
    ...useless.map((name) => `${name} needs AUTH_JWT_CLIENT_ID`),
    ...(new Set(names).size < names.length
      ? ['AUTH_JWT_CLIENT_NAME is the same for several issuers: give each a clientName in AUTH_JWT_PROVIDERS']
      : []),
  ];
}
