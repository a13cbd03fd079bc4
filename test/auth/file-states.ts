import { table } from '../support/table.ts';

/**
 * Who may do what with a file, state by state. The tests expect exactly this of the policy and of
 * every way to reach a file.
 *
 * `primary`: what the viewer may do with the primary attachable of the file. `others`: what the
 * viewer may do with the other attachables: one is visible; some are visible and some hidden; all
 * are hidden; all are editable.
 */
export const fileStates = table(`
who            key    whose   available  primary  others  sees  changes  reviews  removes
user           WRITE  own     -          NONE     -       yes   yes      -        yes
user           READ   own     -          NONE     -       yes   -        -        -
user           WRITE  own     -          NONE     one     yes   yes      -        yes
user           WRITE  own     -          NONE     edited  yes   yes      -        yes
user           WRITE  own     yes        NONE     some    yes   -        -        -
user           WRITE  own     yes        NONE     hidden  yes   -        -        -
user           WRITE  others  yes        NONE     -       -     -        -        -
user           WRITE  others  yes        NONE     one     yes   -        -        -
user           WRITE  others  -          NONE     one     -     -        -        -
user           WRITE  others  yes        NONE     edited  yes   -        -        -
user           WRITE  others  -          NONE     edited  -     -        -        -
user           WRITE  others  yes        NONE     hidden  -     -        -        -
user           WRITE  own     yes        HIDDEN   -       -     -        -        -
user           WRITE  own     yes        HIDDEN   hidden  -     -        -        -
user           WRITE  own     yes        HIDDEN   one     yes   -        -        -
user           WRITE  own     yes        HIDDEN   edited  yes   -        -        -
user           WRITE  own     -          HIDDEN   edited  -     -        -        -
user           WRITE  own     -          HIDDEN   one     -     -        -        -
user           WRITE  others  yes        HIDDEN   -       -     -        -        -
user           WRITE  others  yes        HIDDEN   edited  yes   -        -        -
user           WRITE  others  -          HIDDEN   edited  -     -        -        -
user           WRITE  own     -          SEEN     -       yes   yes      -        yes
user           READ   own     -          SEEN     -       yes   -        -        -
user           WRITE  own     -          SEEN     hidden  yes   yes      -        yes
user           WRITE  own     -          SEEN     edited  yes   yes      -        yes
user           WRITE  others  yes        SEEN     -       yes   -        -        -
user           WRITE  others  yes        SEEN     edited  yes   -        -        -
user           WRITE  others  -          SEEN     edited  -     -        -        -
user           WRITE  own     -          EDITED   -       yes   yes      yes      yes
user           WRITE  own     -          EDITED   hidden  yes   yes      yes      yes
user           READ   own     -          EDITED   -       yes   -        -        -
user           WRITE  others  -          EDITED   -       yes   yes      yes      yes
user           WRITE  others  -          EDITED   edited  yes   yes      yes      yes
user           WRITE  others  -          EDITED   one     yes   yes      yes      -
user           WRITE  others  -          EDITED   some    yes   yes      yes      -
user           WRITE  others  -          EDITED   hidden  yes   yes      yes      -
user           READ   others  -          EDITED   edited  yes   -        -        -
user           ADMIN  own     yes        HIDDEN   -       -     -        -        -
administrator  WRITE  others  -          HIDDEN   -       yes   yes      yes      yes
administrator  WRITE  others  -          NONE     hidden  yes   yes      yes      yes
administrator  READ   others  -          NONE     -       yes   -        -        -
`);

/** The columns that state what the viewer may do. */
export const fileActions = ['sees', 'changes', 'reviews', 'removes'] as const;

export type FileState = (typeof fileStates)[number];

export const titleOf = (state: FileState): string =>
  `${state.who} with a ${state.key} key, ${state.whose} file, ${state.available === 'yes' ? 'available' : 'draft'}, ` +
  `primary ${state.primary}, others ${state.others}`;
