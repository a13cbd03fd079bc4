import { describe, expect, test } from 'vitest';
import * as policy from '../../src/auth/permissions.ts';
import type { KeyScope, ProjectRole, ShareType } from '../../src/database/entities/index.ts';
import { type Row, table } from '../support/table.ts';
import { fileActions, fileStates, titleOf } from './file-states.ts';

/**
 * The policy as tables that show who may do what. The first columns of a row describe the viewer
 * and the key; each of the other columns names one right.
 */

const ME = 1;
const SOMEBODY_ELSE = 2;

/** Compares what the policy answers for each row with the columns of the same names. */
function reads(text: string, answers: (row: Row) => Record<string, boolean>) {
  test.each(table(text).map((row) => [Object.values(row).join(' · '), row] as const))('%s', (_title, row) => {
    const expected = Object.keys(answers(row)).map((question) => [question, row[question] === 'yes']);
    expect(answers(row)).toEqual(Object.fromEntries(expected));
    expect(expected.every(([question]) => ['yes', '-'].includes(row[String(question)] ?? ''))).toBe(true);
  });
}

const viewerOf = ({ who, key = 'WRITE' }: Row): policy.Viewer => ({
  userId: ME,
  isAdmin: who === 'administrator',
  scope: key as KeyScope,
});

describe('the scope of a key', () => {
  reads(
    `
    who            key    writes  administers
    user           READ   -       -
    user           WRITE  yes     -
    user           ADMIN  yes     -
    administrator  READ   -       -
    administrator  WRITE  yes     -
    administrator  ADMIN  yes     yes
    `,
    (row) => ({ writes: policy.canWrite(viewerOf(row)), administers: policy.canAdminister(viewerOf(row)) }),
  );
});

describe('a user', () => {
  reads(
    `
    who            key    whose   shares a project  changes  sees email
    user           WRITE  own     -                 yes      yes
    user           READ   own     -                 -        yes
    user           ADMIN  others  yes               -        yes
    user           ADMIN  others  -                 -        -
    administrator  ADMIN  others  -                 yes      yes
    administrator  WRITE  others  -                 -        yes
    administrator  READ   own     -                 -        yes
    `,
    (row) => {
      const user = row.whose === 'own' ? ME : SOMEBODY_ELSE;
      return {
        changes: policy.canChangeUser(viewerOf(row), user),
        'sees email': policy.canSeeEmail(viewerOf(row), user, row['shares a project'] === 'yes'),
      };
    },
  );
});

describe('an API key', () => {
  reads(
    `
    who            key    whose   its scope  sees  makes, revokes
    user           READ   own     READ       yes   -
    user           WRITE  own     READ       yes   yes
    user           WRITE  own     WRITE      yes   yes
    user           WRITE  own     ADMIN      yes   -
    user           ADMIN  own     ADMIN      yes   yes
    user           ADMIN  others  READ       -     -
    administrator  READ   others  READ       -     -
    administrator  WRITE  others  READ       -     -
    administrator  WRITE  own     ADMIN      yes   -
    administrator  ADMIN  others  READ       yes   yes
    administrator  ADMIN  others  ADMIN      yes   yes
    `,
    (row) => {
      const facts = { userId: row.whose === 'own' ? ME : SOMEBODY_ELSE, scope: row['its scope'] as KeyScope };
      return {
        sees: policy.canSeeKey(viewerOf(row), facts),
        'makes, revokes': policy.canManageKey(viewerOf(row), facts),
      };
    },
  );
});

describe('a project, its tasks and comments', () => {
  reads(
    `
    who            key    role    sees  is editor  edits  manages
    user           WRITE  none    -     -          -      -
    user           ADMIN  none    -     -          -      -
    user           WRITE  VIEWER  yes   -          -      -
    user           WRITE  EDITOR  yes   yes        yes    -
    user           WRITE  OWNER   yes   yes        yes    yes
    user           READ   VIEWER  yes   -          -      -
    user           READ   EDITOR  yes   yes        -      -
    user           READ   OWNER   yes   yes        -      -
    administrator  WRITE  none    yes   yes        yes    yes
    administrator  READ   none    yes   yes        -      -
    administrator  READ   OWNER   yes   yes        -      -
    `,
    (row) => {
      const role = row.role === 'none' ? undefined : (row.role as ProjectRole);
      return {
        sees: policy.canSeeProject(viewerOf(row), role),
        'is editor': policy.isEditorOfProject(viewerOf(row), role),
        edits: policy.canEditProject(viewerOf(row), role),
        manages: policy.canManageProject(viewerOf(row), role),
      };
    },
  );
});

describe('a comment', () => {
  reads(
    `
    who            key    role    whose   changes
    user           WRITE  VIEWER  own     -
    user           WRITE  EDITOR  own     yes
    user           WRITE  EDITOR  others  -
    user           WRITE  OWNER   others  yes
    user           READ   OWNER   own     -
    user           WRITE  none    own     -
    administrator  WRITE  none    others  yes
    administrator  READ   none    own     -
    `,
    (row) => {
      const viewer = viewerOf(row);
      const role = row.role === 'none' ? undefined : (row.role as ProjectRole);
      const project = {
        canEdit: policy.canEditProject(viewer, role),
        canManage: policy.canManageProject(viewer, role),
      };
      return { changes: policy.canChangeComment(viewer, row.whose === 'own' ? ME : SOMEBODY_ELSE, project) };
    },
  );
});

describe('a contact, an opportunity or a case', () => {
  reads(
    `
    who            key    whose   private  everybody   on its list  sees  is editor  edits  manages
    user           WRITE  own     yes      NONE        -            yes   yes        yes    yes
    user           READ   own     yes      NONE        -            yes   yes        -      -
    user           WRITE  others  -        READ_WRITE  -            yes   yes        yes    -
    user           READ   others  -        READ_WRITE  -            yes   yes        -      -
    user           WRITE  others  -        READ        -            yes   -          -      -
    user           WRITE  others  -        NONE        -            -     -          -      -
    user           WRITE  others  yes      READ_WRITE  -            -     -          -      -
    user           ADMIN  others  yes      READ_WRITE  -            -     -          -      -
    user           WRITE  others  yes      READ_WRITE  READ         yes   -          -      -
    user           WRITE  others  yes      READ        READ_WRITE   yes   yes        yes    -
    user           WRITE  others  -        NONE        READ         yes   -          -      -
    user           WRITE  others  -        READ        READ_WRITE   yes   yes        yes    -
    user           WRITE  others  -        READ_WRITE  READ         yes   yes        yes    -
    administrator  WRITE  others  yes      NONE        -            yes   yes        yes    yes
    administrator  READ   others  yes      NONE        -            yes   yes        -      -
    `,
    (row) => {
      const facts: policy.EntityFacts = {
        createdBy: row.whose === 'own' ? ME : SOMEBODY_ELSE,
        isPrivate: row.private === 'yes',
        shareType: row.everybody as ShareType,
        access: row['on its list'] === '-' ? undefined : (row['on its list'] as 'READ' | 'READ_WRITE'),
      };
      return {
        sees: policy.canSeeEntity(viewerOf(row), facts),
        'is editor': policy.isEditorOfEntity(viewerOf(row), facts),
        edits: policy.canEditEntity(viewerOf(row), facts),
        manages: policy.canManageEntity(viewerOf(row), facts),
      };
    },
  );
});

describe('a file', () => {
  test.each(fileStates.map((row) => [titleOf(row), row] as const))('%s', (_title, row) => {
    const file = { createdBy: row.whose === 'own' ? ME : SOMEBODY_ELSE, available: row.available === 'yes' };
    const primary = row.primary as policy.PrimaryAccess;
    const isPrimarySeen = primary === 'SEEN' || primary === 'EDITED';
    const isPrimaryEdited = primary === 'EDITED' || (primary === 'NONE' && row.others !== '-');
    const places: policy.FileRights = {
      primary: primary,
      seesOne: isPrimarySeen || ['one', 'some', 'edited'].includes(row.others ?? ''),
      hidesOne: primary === 'HIDDEN' || ['some', 'hidden'].includes(row.others ?? ''),
      editsAll: isPrimaryEdited && ['-', 'edited'].includes(row.others ?? ''),
    };
    const answers = {
      sees: policy.canSeeFile(viewerOf(row), file, places),
      changes: policy.canChangeFile(viewerOf(row), file, places),
      reviews: policy.canReviewFile(viewerOf(row), file, places),
      removes: policy.canRemoveFile(viewerOf(row), file, places),
    };
    expect(answers).toEqual(Object.fromEntries(fileActions.map((action) => [action, row[action] === 'yes'])));
  });

  test('the table has every state of the primary attachment, for uploaders and for other users', () => {
    const states = new Set(
      fileStates.filter(({ who }) => who === 'user').map(({ primary, whose }) => `${primary} ${whose}`),
    );
    expect(states.size).toBe(8);
  });
});
