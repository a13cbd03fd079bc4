import { basePath } from './server-url.ts';

/**
 * The name of an entry in the storage of the browser, of a lock or of a channel. Several servers
 * may share an origin, each below a path of its proxy, and must not see each other's credentials.
 * Paths contain no space, so that no name is the beginning of one of another server.
 */
export const storageName = (name: string): string => `attache ${basePath} ${name}`;
