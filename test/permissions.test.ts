import { describe, expect, test } from 'vitest';
import {
  canEditEntities,
  canEditProject,
  canRemoveFile,
  canSeeEntities,
  canSeeFile,
  canSeeProject,
  type ProjectRole,
} from '../src/auth/permissions.ts';

const admin = { userId: 1, isAdmin: true };
const user = { userId: 2, isAdmin: false };

describe('a project, with its tasks and comments', () => {
  test.each<[ProjectRole | undefined, typeof user, { see: boolean; edit: boolean }]>([
    ['OWNER', user, { see: true, edit: true }],
    ['EDITOR', user, { see: true, edit: true }],
    ['VIEWER', user, { see: true, edit: false }],
    [undefined, user, { see: false, edit: false }],
    ['VIEWER', admin, { see: true, edit: true }],
    [undefined, admin, { see: true, edit: true }],
  ])('%s', (role, viewer, { see, edit }) => {
    expect({ see: canSeeProject(viewer, role), edit: canEditProject(viewer, role) }).toEqual({ see, edit });
  });
});

describe('contacts, opportunities and cases', () => {
  test.each([user, admin])('are everybody’s: %o', (viewer) => {
    expect([canSeeEntities(viewer), canEditEntities(viewer)]).toEqual([true, true]);
  });
});

const own = { createdBy: user.userId };
const foreign = { createdBy: 3 };

describe('a file is seen by', () => {
  test.each([
    ['its uploader, whatever it hangs on', user, own, false, true],
    ['one who sees something that it hangs on', user, foreign, true, true],
    ['no other user', user, foreign, false, false],
    ['an administrator', admin, foreign, false, true],
  ])('%s', (_who, viewer, file, seesAnAttachable, answer) => {
    expect(canSeeFile(viewer, file, seesAnAttachable)).toBe(answer);
  });
});

describe('a file is removed by', () => {
  test.each([
    ['its uploader, whatever it hangs on', user, own, false, true],
    ['one who edits everything that it hangs on', user, foreign, true, true],
    ['no other user', user, foreign, false, false],
    ['an administrator', admin, foreign, false, true],
  ])('%s', (_who, viewer, file, editsEveryAttachable, answer) => {
    expect(canRemoveFile(viewer, file, editsEveryAttachable)).toBe(answer);
  });
});
