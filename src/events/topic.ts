import type { AttachableRef } from '../database/entities/index.ts';

/**
 * The key of one sequence of log entries. Each attachable has a topic, written `Task:1`; the topic
 * of a project also receives the events of its tasks and comments.
 */
export type Topic = string;

/** The topic of an attachable, which is also its global id. */
export const topicOf = (ref: AttachableRef): Topic => `${ref.type}:${ref.id}`;

/** The topic of access changes. Only servers read it; clients cannot subscribe to it. */
export const ACCESS_TOPIC: Topic = 'access';
