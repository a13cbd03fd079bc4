import { hash } from 'node:crypto';

/** Begins the stored form of an erased subject. */
const PREFIX = 'erased:';

/**
 * What is stored instead of the subject of an erased user, which may be an address or a name.
 * Tokens of the subject are still recognized, so that they do not create the user again.
 */
export const erasedSubject = (issuer: string, subject: string): string =>
  PREFIX + hash('sha256', JSON.stringify([issuer, subject]), 'hex');

/** Whether a stored subject was erased before. */
export const isErasedSubject = (subject: string): boolean => /^erased:[\da-f]{64}$/.test(subject);

/** Both forms in which a subject may be stored. */
export const storedSubjects = (issuer: string, subject: string): [string, string] => [
  subject,
  erasedSubject(issuer, subject),
];
