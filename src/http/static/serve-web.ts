import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type SignInSettings, settingsElement } from './sign-in-settings.ts';

/**
 * The content security policy of the page. Only scripts of this origin run, and they connect to
 * this origin only, and to where the identity providers give tokens: a script that is injected
 * through a file name or a response does not run, and cannot send the credentials anywhere. The
 * components set inline styles.
 *
 * Uploaded files have this origin, too. A policy for `/assets/` alone would need the address of the
 * page, which a proxy may change. Downloads never have the content type of a script instead.
 */
const contentSecurityPolicy = (origins: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self' data:",
    ["connect-src 'self'", ...origins].join(' '),
    "manifest-src 'self'",
    "frame-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/** Answers a request with an HTML file of the build, such as `index.html`. */
export type SendPage = (file: string, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

interface WebOptions {
  /** Where the build is; undefined without one. */
  folder: string | undefined;
  /** Reads how the page signs people in; undefined where API keys are the only way. */
  readSettings: (() => Promise<SignInSettings>) | undefined;
}

/**
 * Serves the built page at `/`, and at `/assets/` its files, which were compressed when it was
 * built. Their names contain a hash, so clients cache them as immutable. Returns what sends another
 * HTML file of the build. Without a build, a page is answered 404 with the command that builds it.
 */
export async function serveWeb(app: FastifyInstance, { folder, readSettings }: WebOptions): Promise<SendPage> {
  const pages = new Map<string, string>();
  if (folder !== undefined) {
    // Not the link to the newest build: a running server keeps the build it started with.
    const root = realpathSync(folder);
    for (const file of await readdir(root))
      if (file.endsWith('.html')) pages.set(file, await readFile(join(root, file), 'utf8'));
    await app.register(fastifyStatic, {
      root: join(root, 'assets'),
      prefix: '/assets/',
      index: false,
      preCompressed: true,
      maxAge: '365d',
      immutable: true,
      // Packages give all their files the same date.
      lastModified: false,
      etag: false,
      decorateReply: false,
    });
  }
  const sendPage: SendPage = async (file, request, reply) => {
    const page = pages.get(file);
    if (page === undefined) return reply.code(404).type('text/plain; charset=utf-8').send(NOT_BUILT);
    const settings = await readSettings?.();
    const html = settings ? page.replace('</head>', () => `${settingsElement(settings)}</head>`) : page;
    const policy = contentSecurityPolicy(settings?.origins ?? []);
    // A hash of the content: dates and sizes of files may be the same in two releases.
    const etag = `"${createHash('sha256').update(policy).update(html).digest('base64url')}"`;
    reply.headers({ ...headers, 'content-security-policy': policy, etag });
    return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.send(html);
  };
  app.get('/', (request, reply) => sendPage('index.html', request, reply));
  return sendPage;
}

const NOT_BUILT = 'The page is not built: run `npm run build`.\n';
