import type { Viewer } from '../auth/permissions.ts';

/** Everything of a viewer on which the rendered frame of an event can depend, as a key. */
export const viewerKey = ({ userId, isAdmin, scope }: Viewer): string => `${userId} ${isAdmin} ${scope}`;
