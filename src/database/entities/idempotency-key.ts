import { defineEntity, p } from '@mikro-orm/core';
import { User } from './user.ts';

const schema = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_keys',
  // A key is unique for its user: two users may use the same text.
  uniques: [{ properties: ['user', 'key'] }],
  // The oldest of one user are deleted when there are too many.
  indexes: [{ properties: ['user', 'id'] }],
  properties: {
    id: p.integer().primary(),
    user: () => p.manyToOne(User).ref().deleteRule('cascade'),
    key: p.string(),
    /** SHA-256 of the request, in hex: a key is for one request. */
    fingerprint: p.string(),
    /** The result, as JSON. */
    answer: p.text(),
    createdAt: p.datetime(3).index(),
  },
});

/** A key that a client sent with a mutation, and its result. */
export class IdempotencyKey extends schema.class {}
schema.setClass(IdempotencyKey);
