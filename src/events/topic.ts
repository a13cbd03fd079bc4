import type { AttachableRef } from '../database/entities/index.ts';

/** A place whose events can be followed: an attachable, written `Task:1`. */
export type Topic = string;

export const topicOf = (ref: AttachableRef): Topic => `${ref.type}:${ref.id}`;

/** Who may see what changed. It is read by the servers themselves and by nobody else. */
export const ACCESS: Topic = 'access';
