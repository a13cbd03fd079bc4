import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

const examples = `# Attaché: put your API key into the Headers tab below, then press the button.
# The first start of the server printed the administrator's key.

query Files {
  viewer { displayName }
  task(id: "Task:1") {
    title
    files(first: 10) {
      totalCount
      nodes { id name size contentType url createdBy { displayName } }
    }
  }
}

# Run this one, then upload a file to Task:1 from elsewhere: it arrives here.
subscription Listen {
  fileAdded(on: "Project:1") {
    file { id name size url }
    on { id }
    actor { displayName }
    at
  }
}
`;

export interface Page {
  html: Buffer;
  gzipped: Buffer;
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
  const html = Buffer.from(
    renderGraphiQL({
      title: 'Attaché',
      endpoint: '/graphql',
      defaultQuery: examples,
      headers: JSON.stringify({ Authorization: 'Bearer YOUR_KEY' }, null, 2),
      subscriptionsProtocol: 'SSE',
    } as Parameters<typeof renderGraphiQL>[0]),
  );
  const gzipped = await compress(html);
  return { html, gzipped, etag: `"${createHash('sha256').update(html).digest('base64url')}"` };
}

/**
 * The page runs script and workers that it carries itself, and talks to this server alone.
 */
export const graphiqlHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; worker-src blob:; style-src 'unsafe-inline'; " +
    "img-src 'self' data:; font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-cache',
  vary: 'accept, accept-encoding',
};
