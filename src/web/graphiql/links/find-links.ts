/** A link in a response. */
export interface FoundLink {
  /** What it leads to, such as `sketch.png`: the name beside it. */
  name: string;
  /** The field that holds it, such as `thumbnailUrl`. */
  field: string;
  href: string;
  /** Whether it leads to a file and has no token: it opens only with a key in a header. */
  needsKey: boolean;
}

/** More are not listed. */
const MAX_LINKS = 100;

const NAMES = ['name', 'displayName', 'title', 'filename', 'id', 'fileId'];

/**
 * The links in a response, as absolute URLs: the values of fields such as `url` and `thumbnailUrl`.
 * Other texts are what users have written, and may look like links.
 */
export function findLinks(response: unknown, base: string): FoundLink[] {
  const found: FoundLink[] = [];
  walk(response, '', (field, value, parent) => {
    const href = hrefOf(field, value, base);
    if (href && found.length < MAX_LINKS)
      found.push({ name: nameOf(parent) ?? href, field, href, needsKey: needsKey(href) });
  });
  return found;
}

type Fields = Record<string, unknown>;

function walk(value: unknown, field: string, visit: (field: string, value: string, parent: Fields) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, field, visit);
  else if (typeof value === 'object' && value !== null)
    for (const [name, child] of Object.entries(value))
      if (typeof child === 'string') visit(name, child, value as Fields);
      else walk(child, name, visit);
}

/** The absolute URL of a value that is a link of HTTP or a path of the server. */
export function hrefOf(field: string, value: string, base: string): string | undefined {
  if (!/url$/i.test(field) || !/^(https?:\/\/|\/(?!\/))/i.test(value)) return undefined;
  return URL.canParse(value, base) ? new URL(value, base).href : undefined;
}

/** Links of files open without a key only when they have been signed. */
export function needsKey(href: string): boolean {
  const { pathname, searchParams } = new URL(href);
  return /\/files\/\d+\/(content|thumbnail)$/.test(pathname) && !searchParams.has('token');
}

function nameOf(parent: Fields): string | undefined {
  const key = NAMES.find((name) => typeof parent[name] === 'string' && parent[name] !== '');
  return key === undefined ? undefined : String(parent[key]);
}
