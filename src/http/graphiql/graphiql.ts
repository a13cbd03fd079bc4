import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { bar, examples, favicon, keyForm, styles } from './page.ts';
import { startPage } from './start.ts';

const compress = promisify(gzip);

/** The page with its response headers. */
export interface HtmlPage {
  html: Buffer;
  gzipped: Buffer;
  headers: Record<string, string>;
  etag: string;
}

let page: Promise<HtmlPage> | undefined;

/**
 * The GraphiQL page, rendered at the first call, or again after a failure. It contains all its
 * assets.
 */
export function graphiqlPage(): Promise<HtmlPage> {
  page ??= render().catch((error) => {
    page = undefined;
    throw error;
  });
  return page;
}

async function render(): Promise<HtmlPage> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const { head, bundle } = splitPage(renderGraphiQL({ title: 'Attaché', favicon }));
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

/**
 * Splits Yoga's page into its head and its script, without the call that starts GraphiQL: this page
 * starts it once there is an API key. Throws when the package's page has changed.
 */
function splitPage(html: string): { head: string; bundle: string } {
  const root = html.indexOf('<div id="root"></div>');
  const bundle = html.indexOf('<script>', root) + '<script>'.length;
  const start = html.lastIndexOf('YogaGraphiQL.renderYogaGraphiQL(');
  if (root < 0 || bundle < root || start < bundle)
    throw new Error('The page of @graphql-yoga/render-graphiql changed.');
  return { head: html.slice(0, root), bundle: html.slice(bundle, start) };
}

/**
 * The content security policy allows only these scripts and their workers, and connections to this
 * server only. A script that is injected through a file name or a response does not run, and cannot
 * send the API key anywhere. Monaco, the editor, needs inline styles.
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
