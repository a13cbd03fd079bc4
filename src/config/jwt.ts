import { z } from 'zod';
import type { ProjectRole } from '../database/entities/index.ts';
import { clientOf, type OpenIdClient, problemsOfClients } from './jwt-client.ts';
import { type JwtKeys, jwtKeysOf } from './jwt-keys.ts';
import { type JwtEntry, type JwtSettings, jwtSettings } from './jwt-settings.ts';

/** An issuer of JSON Web Tokens, and what its tokens give their bearers. */
export interface JwtProvider {
  /** The exact claim `iss` of its tokens; undefined for tokens whose `iss` is not looked at. */
  issuer: string | undefined;
  keys: JwtKeys;
  /** The signature algorithms that are accepted. */
  algorithms: readonly string[];
  /** Of these, a token has to name one in `aud`; empty when `aud` is not looked at. */
  audiences: readonly string[];
  /** How far the clock of the issuer may differ from this server's. */
  clockToleranceSeconds: number;
  /** Whether the first token of a subject creates a user. */
  createUsers: boolean;
  /** Whether the first token of a subject may join a user who has its verified email address. */
  linkByEmail: boolean;
  /** Whether email addresses are verified without the claim `email_verified`. */
  trustEmail: boolean;
  /** Members of these groups are administrators. */
  adminGroups: readonly string[];
  /** The role in projects, by their numbers, of the members of each group. */
  projectRoles: ReadonlyMap<string, ReadonlyMap<number, ProjectRole>>;
  /** Before `read`, `write` and `admin` in the claim `scope`; undefined when that is ignored. */
  scopePrefix: string | undefined;
  claims: ClaimNames;
  /** How the page signs people in; undefined where it does not offer this issuer. */
  client: OpenIdClient | undefined;
}

/**
 * The claims with the profile of a user: the name of one, or a path such as `realm_access.roles`.
 */
export interface ClaimNames {
  name: string;
  email: string;
  avatar: string;
  groups: string;
}

const KEY_SETTINGS = ['AUTH_JWT_ISSUER', 'AUTH_JWKS_URL', 'AUTH_JWT_SECRET', 'AUTH_JWT_PUBLIC_KEY'] as const;

/**
 * Settings that mean nothing without an issuer or a key, and would be thought to protect something.
 */
const USELESS_ALONE = [
  'AUTH_JWT_AUDIENCE',
  'AUTH_JWT_ALGORITHMS',
  'AUTH_JWT_ADMIN_GROUPS',
  'AUTH_JWT_PROJECT_ROLES',
  'AUTH_JWT_SCOPE_PREFIX',
  'AUTH_JWT_CLIENT_ID',
] as const;

/**
 * Reads the issuers whose tokens are accepted, from an environment without empty variables. None of
 * the problems repeats a secret.
 */
export function readJwtProviders(env: Readonly<Record<string, string | undefined>>): {
  providers: JwtProvider[];
  problems: string[];
} {
  const { success, data } = z.object(jwtSettings).safeParse(env);
  if (!success) return { providers: [], problems: [] }; // the environment reports them
  const given = KEY_SETTINGS.filter((name) => data[name] !== undefined);
  if (data.AUTH_JWT_PROVIDERS && given.length > 0) {
    return { providers: [], problems: [`AUTH_JWT_PROVIDERS names all issuers: unset ${given.join(', ')}`] };
  }
  const entries = data.AUTH_JWT_PROVIDERS ?? (given.length > 0 ? entriesOf(data) : []);
  const useless = USELESS_ALONE.filter((name) => entries.length === 0 && env[name] !== undefined);
  const problems = useless.map((name) => `${name} needs AUTH_JWT_ISSUER, or another setting with the keys of tokens`);
  const providers = entries.flatMap((one, index) => {
    const where = data.AUTH_JWT_PROVIDERS ? `AUTH_JWT_PROVIDERS[${index}]` : undefined;
    const { provider, problems: own } = providerOf(one, data, where);
    problems.push(...own);
    return provider ? [provider] : [];
  });
  const clients = providers.flatMap(({ client }) => client ?? []);
  // Not when an issuer itself is wrong, which is reported above.
  if (problems.length === 0) problems.push(...problemsOfClients(clients, env));
  const issuers = providers.map(({ issuer }) => issuer);
  if (new Set(issuers).size < issuers.length)
    problems.push('AUTH_JWT_PROVIDERS and AUTH_JWT_ISSUER name each issuer once, and at most one without a name');
  return { providers, problems };
}

/** One issuer for each name in `AUTH_JWT_ISSUER`; one without a name when it is not set. */
function entriesOf(data: JwtSettings): JwtEntry[] {
  const keys = { jwksUrl: data.AUTH_JWKS_URL, secret: data.AUTH_JWT_SECRET, publicKey: data.AUTH_JWT_PUBLIC_KEY };
  return (data.AUTH_JWT_ISSUER ?? [undefined]).map((issuer) => ({ issuer, ...keys }));
}

function providerOf(
  one: JwtEntry,
  data: JwtSettings,
  where: string | undefined,
): { provider?: JwtProvider; problems: string[] } {
  const algorithms = one.algorithms ?? data.AUTH_JWT_ALGORITHMS;
  const audiences = one.audience ?? data.AUTH_JWT_AUDIENCE ?? [];
  const { keys, accepted, problems } = jwtKeysOf(one, algorithms, where);
  // Without it, a token that the same issuer made for any other application would be accepted here.
  if (audiences.length === 0 && keys && (keys.kind === 'discovery' || keys.kind === 'jwks'))
    problems.push(
      `${where ? `${where}.audience` : 'AUTH_JWT_AUDIENCE'} must name this server as its tokens do in "aud"`,
    );
  // A list without a value would accept every audience, where the operator meant one.
  else if (audiences.length === 0 && (one.audience ?? data.AUTH_JWT_AUDIENCE) !== undefined)
    problems.push(`${where ? `${where}.audience` : 'AUTH_JWT_AUDIENCE'} must name an audience`);
  const { client, problems: ofClient } = clientOf(one, data, audiences, where);
  // What is wrong with the keys is wrong with the client as well.
  if (problems.length === 0) problems.push(...ofClient);
  if (!keys || problems.length > 0) return { problems };
  const projectRoles = one.projectRoles ?? data.AUTH_JWT_PROJECT_ROLES;
  const provider: JwtProvider = {
    issuer: one.issuer,
    keys,
    algorithms: accepted,
    audiences,
    clockToleranceSeconds: one.clockToleranceSeconds ?? data.AUTH_JWT_CLOCK_TOLERANCE_SECONDS,
    createUsers: one.createUsers ?? data.AUTH_JWT_CREATE_USERS,
    linkByEmail: one.linkByEmail ?? data.AUTH_JWT_LINK_BY_EMAIL,
    trustEmail: one.trustEmail ?? data.AUTH_JWT_TRUST_EMAIL,
    adminGroups: one.adminGroups ?? data.AUTH_JWT_ADMIN_GROUPS,
    projectRoles: new Map(Object.entries(projectRoles).map(([group, rolesIn]) => [group, rolesByNumber(rolesIn)])),
    scopePrefix: one.scopePrefix ?? data.AUTH_JWT_SCOPE_PREFIX,
    claims: {
      name: one.nameClaim ?? data.AUTH_JWT_NAME_CLAIM,
      email: one.emailClaim ?? data.AUTH_JWT_EMAIL_CLAIM,
      avatar: one.avatarClaim ?? data.AUTH_JWT_AVATAR_CLAIM,
      groups: one.groupsClaim ?? data.AUTH_JWT_GROUPS_CLAIM,
    },
    client,
  };
  return { provider, problems };
}

const rolesByNumber = (rolesIn: Record<string, ProjectRole>): Map<number, ProjectRole> =>
  new Map(Object.entries(rolesIn).map(([project, role]) => [Number(project.slice('Project:'.length)), role]));
