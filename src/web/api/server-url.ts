/** The address of the server, with the path below which a proxy may serve it. */
const base = new URL('.', document.baseURI);

/** The path below which this server is on its origin, as in `/` or `/attache/`. */
export const basePath = base.pathname;

/** The URL of a path of the server, relative to where the page is served. */
export const serverUrl = (path: string): string => new URL(path, base).href;
