/** Paths that are logged as they are, and are routes by themselves. */
const plain = new Set([
  ...['/', '/graphql', '/files/zip', '/share', '/uploads', '/uploads/', '/metrics', '/health/live', '/health/ready'],
]);
const MAX_PATH = 200;
/** Longer segments may be keys, tokens or names of files. */
const MAX_SEGMENT = 32;
const FILE = /^\/files\/\d{1,16}\/(content|thumbnail)$/;
const SHARE = /^\/shares\/\d{1,16}\/(?:(zip)|files\/\d{1,16}(\/thumbnail)?)$/;
const HIDDEN = ':hidden';

/** The route of a request that none of the older APIs handles; one of a fixed set. */
const OTHER_ROUTE = 'other';

/**
 * The path of a request, and its route. Query strings are left out: they hold the tokens of signed
 * links and the keys of older APIs. So are the ids of resumable uploads, which nobody else has to
 * know, and segments of unknown paths that look like a key: people paste URLs.
 */
export function describePath(url: string | undefined): { path: string; route: string } {
  const path = url?.split('?', 1)[0] ?? '';
  if (plain.has(path)) return { path, route: path.length > 1 ? path.replace(/\/$/, '') : path };
  const [, content] = FILE.exec(path) ?? [];
  if (content) return { path, route: `/files/:id/${content}` };
  const shared = SHARE.exec(path);
  if (shared) return { path, route: shared[1] ? '/shares/:id/zip' : `/shares/:id/files/:file${shared[2] ?? ''}` };
  if (path.startsWith('/uploads/')) return { path: '/uploads/:id', route: '/uploads/:id' };
  // Not a path: the absolute form may hold a user and a password.
  if (!path.startsWith('/')) return { path: HIDDEN, route: OTHER_ROUTE };
  return { path: path.slice(0, MAX_PATH).split('/').map(hideSecret).join('/'), route: OTHER_ROUTE };
}

const hideSecret = (segment: string): string =>
  segment.length > MAX_SEGMENT || /att_|upt_|shr_|%|[^\x21-\x7e]/.test(segment) ? HIDDEN : segment;
