import { defineEntity, p } from '@mikro-orm/core';
import { User } from './user.ts';

const schema = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_keys',
  // A key belongs to its user: another user's key of the same text is another.
  uniques: [{ properties: ['user', 'key'] }],
  // The oldest of one user go when there are too many.
  indexes: [{ properties: ['user', 'id'] }],
  properties: {
    id: p.integer().primary(),
    user: () => p.manyToOne(User).ref().deleteRule('cascade'),
    key: p.string(),
    /** SHA-256 of what was asked, in hex: a key stands for one thing. */
    fingerprint: p.string(),
    /** What was answered, as JSON. */
    answer: p.text(),
    createdAt: p.datetime(3).index(),
  },
});

/** A key of a client's own making under which something was done once, and what was answered. */
export class IdempotencyKey extends schema.class {}
schema.setClass(IdempotencyKey);
