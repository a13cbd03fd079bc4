/**
 * The errors whose message and code are returned to clients. Each transport translates them in one
 * place: schema/errors.ts to `extensions.code`, http/errors.ts to a status. Any other error is a
 * fault of the server: it is logged, and the client gets a generic message. Messages say what the
 * client can do and contain no secret and no path.
 */
export * from './errors/access.ts';
export * from './errors/attache-error.ts';
export * from './errors/availability.ts';
export * from './errors/excerpt.ts';
export * from './errors/input.ts';
export * from './errors/subscriptions.ts';
