import { defineEntity, p } from '@mikro-orm/core';
import { User } from './user.ts';

const schema = defineEntity({
  name: 'UserIdentity',
  tableName: 'user_identities',
  uniques: [{ properties: ['issuer', 'subject'] }],
  properties: {
    id: p.integer().primary(),
    user: () => p.manyToOne(User).ref().index().deleteRule('cascade'),
    /** The claim `iss`; empty for the provider without a name. */
    issuer: p.string(),
    /** The claim `sub`, which the issuer gives to nobody else. */
    subject: p.string(),
    /** SHA-256 of the claims that were last copied to the user. */
    claimsHash: p.string(),
    /** When the token with these claims was issued, in seconds since 1970. */
    claimsAt: p.bigint('number'),
    /** Whether groups made the user an administrator. */
    isAdmin: p.boolean(),
    /** The memberships that groups gave the user, as JSON: roles by the numbers of projects. */
    projectRoles: p.text(),
    createdAt: p.datetime(3),
  },
});

/** A subject of an identity provider, whose tokens sign in as the user. */
export class UserIdentity extends schema.class {}
schema.setClass(UserIdentity);
