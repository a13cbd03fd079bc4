import { z } from 'zod';
import { jwtClientEntry, jwtClientSettings } from './jwt-client.ts';
import { flag, jsonText, list, wholeNumber } from './values.ts';

const texts = z.array(z.string().min(1));
const PROJECT_ID = /^Project:[1-9]\d{0,8}$/;
const roles = z.record(
  z.string(),
  z
    .record(z.string(), z.enum(['VIEWER', 'EDITOR', 'OWNER'], 'must be VIEWER, EDITOR or OWNER'))
    .refine(
      (rolesIn) => Object.keys(rolesIn).every((id) => PROJECT_ID.test(id)),
      'must name projects as in "Project:1"',
    ),
  'must be a JSON object as in {"staff": {"Project:1": "EDITOR"}}',
);

/** What one entry of `AUTH_JWT_PROVIDERS` may set; for the rest, the other settings apply. */
const entry = z.strictObject({
  issuer: z.string().min(1).optional(),
  jwksUrl: z.string().min(1).optional(),
  secret: z.string().optional(),
  publicKey: z.string().optional(),
  audience: texts
    .or(
      z
        .string()
        .min(1)
        .transform((one) => [one]),
    )
    .optional(),
  algorithms: texts.optional(),
  clockToleranceSeconds: z.int().min(0).max(300).optional(),
  createUsers: z.boolean().optional(),
  linkByEmail: z.boolean().optional(),
  trustEmail: z.boolean().optional(),
  adminGroups: texts.optional(),
  projectRoles: roles.optional(),
  scopePrefix: z.string().optional(),
  nameClaim: z.string().min(1).optional(),
  emailClaim: z.string().min(1).optional(),
  avatarClaim: z.string().min(1).optional(),
  groupsClaim: z.string().min(1).optional(),
  ...jwtClientEntry,
});

export type JwtEntry = z.infer<typeof entry>;

/** The environment variables of sign-in by JSON Web Tokens. */
export const jwtSettings = {
  AUTH_JWT_ISSUER: list.optional(),
  AUTH_JWKS_URL: z.string().optional(),
  AUTH_JWT_SECRET: z.string().optional(),
  AUTH_JWT_PUBLIC_KEY: z.string().optional(),
  AUTH_JWT_AUDIENCE: list.optional(),
  AUTH_JWT_ALGORITHMS: list.optional(),
  AUTH_JWT_CLOCK_TOLERANCE_SECONDS: wholeNumber(0, 300).default(5),
  AUTH_JWT_CREATE_USERS: flag.default(true),
  AUTH_JWT_LINK_BY_EMAIL: flag.default(false),
  AUTH_JWT_TRUST_EMAIL: flag.default(false),
  AUTH_JWT_ADMIN_GROUPS: list.default([]),
  AUTH_JWT_PROJECT_ROLES: jsonText.pipe(roles).default({}),
  AUTH_JWT_SCOPE_PREFIX: z.string().optional(),
  AUTH_JWT_NAME_CLAIM: z.string().default('name'),
  AUTH_JWT_EMAIL_CLAIM: z.string().default('email'),
  AUTH_JWT_AVATAR_CLAIM: z.string().default('picture'),
  AUTH_JWT_GROUPS_CLAIM: z.string().default('groups'),
  AUTH_JWT_KEY_DAYS: wholeNumber(0, 3650).default(0),
  ...jwtClientSettings,
  AUTH_JWT_PROVIDERS: jsonText
    .pipe(z.array(entry, 'must be a JSON array of objects, one for each issuer').min(1, 'must name an issuer'))
    .optional(),
};

export type JwtSettings = z.infer<z.ZodObject<typeof jwtSettings>>;
