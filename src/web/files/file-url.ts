import { serverUrl } from '../api/server-url.ts';

/**
 * The address of a file for this page. The server writes the address under which it is known to the
 * world; the page may have been opened under another, and its policy permits only its own.
 */
export function fileUrl(url: string): string {
  const { pathname, search } = new URL(url, document.baseURI);
  return serverUrl(`${pathname.slice(pathname.lastIndexOf('/files/') + 1)}${search}`);
}
