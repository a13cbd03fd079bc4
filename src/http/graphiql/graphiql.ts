import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { bar, examples, favicon, keyForm, styles } from './page.ts';
import { startPage } from './start.ts';

const compress = promisify(gzip);

export interface Page {
  html: Buffer;
  gzipped: Buffer;
  headers: Record<string, string>;
  etag: string;
}

let page: Promise<Page> | undefined;

/** The GraphiQL page with everything in it: it fetches nothing from anywhere. Made at the first request. */
export function graphiqlPage(): Promise<Page> {
  page ??= render();
  return page;
}

async function render(): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const { head, bundle } = partsOf(renderGraphiQL({ title: 'Attaché', favicon }));
  const options = {
    method: 'POST',
    subscriptionsProtocol: 'SSE',
    defaultTabs: examples.map((query) => ({ query })),
    shouldPersistHeaders: false,
    isHeadersEditorEnabled: true,
    defaultEditorToolsVisibility: false,
  };
  const start = `(${startPage})(${JSON.stringify(options).replaceAll('<', '\\u003c')});`;
  const html = Buffer.from(
    `${head}<style>${styles}</style>${bar}${keyForm}<div id="root" hidden></div>` +
      `<script>${start}</script><script>${bundle}</script></body></html>`,
  );
  return {
    html,
    gzipped: await compress(html),
    headers: headersFor([start, bundle]),
    etag: `"${createHash('sha256').update(html).digest('base64url')}"`,
  };
}

/** Takes Yoga's page apart, because it starts GraphiQL at once, and ours does so when there is a key. */
function partsOf(html: string): { head: string; bundle: string } {
  const root = html.indexOf('<div id="root"></div>');
  const bundle = html.indexOf('<script>', root) + '<script>'.length;
  const start = html.lastIndexOf('YogaGraphiQL.renderYogaGraphiQL(');
  if (root < 0 || bundle < root || start < bundle)
    throw new Error('The page of @graphql-yoga/render-graphiql changed.');
  return { head: html.slice(0, root), bundle: html.slice(bundle, start) };
}

/**
 * The page runs these scripts, and the workers that they make, and talks to this server alone: whatever else finds a
 * way into it, a script in the name of a file or in an answer, is not run and cannot tell anybody the key.
 * Monaco, the editor, sets styles by hand.
 */
function headersFor(scripts: string[]): Record<string, string> {
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      `default-src 'none'; script-src ${hashes.join(' ')}; worker-src blob:; style-src 'unsafe-inline'; ` +
      "img-src data:; font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'cache-control': 'no-cache',
    vary: 'accept, accept-encoding',
  };
}
