/**
 * All policy, and nothing else: pure functions over what the caller has looked up. Each answers one
 * question. Callers report what the viewer may not see as not found.
 */
export * from './permissions/entities.ts';
export * from './permissions/events.ts';
export * from './permissions/files.ts';
export * from './permissions/guests.ts';
export * from './permissions/projects.ts';
export * from './permissions/users.ts';
export * from './permissions/viewer.ts';
