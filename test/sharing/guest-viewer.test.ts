import { expect, test } from 'vitest';
import { GUEST_VIEWER } from '../../src/auth/guest.ts';
import * as permissions from '../../src/auth/permissions.ts';
import { UNATTACHED } from '../../src/auth/permissions.ts';
import { ForbiddenError } from '../../src/errors.ts';

/** Rules that ask for no viewer, and one that combines the decisions of others. */
const withoutViewer = ['isPublicEntity', 'canUploadWithToken', 'canChangeComment'];

const rules = Object.entries(permissions).flatMap(([name, rule]) =>
  typeof rule === 'function' && !withoutViewer.includes(name)
    ? [[name, rule as (...args: unknown[]) => unknown] as const]
    : [],
);

test('there are rules', () => expect(rules.length).toBeGreaterThan(15));

test.for(rules)('%s decides nothing for the viewer of a guest', ([, rule]) => {
  const facts = { userId: 1, createdBy: 1, scope: 'READ', isPrivate: false, shareType: 'READ_WRITE', available: true };
  const places = { ...UNATTACHED, seesOne: true, audience: 'INSIDERS', isEditor: true, canManage: true };
  expect(() => rule(GUEST_VIEWER, facts, places)).toThrow(ForbiddenError);
});

test('the viewer of a guest cannot be copied', () => {
  expect(() => ({ ...GUEST_VIEWER, isAdmin: true })).toThrow(ForbiddenError);
});
