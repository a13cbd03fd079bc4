import type { FileStatus } from '../generated/graphql.ts';

/** The value of a form for files that need no review. */
export const NO_REVIEW = 'NONE';
export const reviewChoices = ['PENDING', 'APPROVED', 'REQUIRED', NO_REVIEW] as const;
export type ReviewChoice = (typeof reviewChoices)[number];

/** The review status that a choice stands for. */
export const statusOf = (choice: ReviewChoice): FileStatus | null => (choice === NO_REVIEW ? null : choice);
