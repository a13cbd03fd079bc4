import { join, resolve } from 'node:path';
import { defineConfig } from 'vite';
import * as documents from '../../src/web/generated/graphql.ts';
import { copyPdfResources, inlineDocuments } from './web-plugins.ts';

/** The server that `npm run dev:web` passes requests to. */
const server = process.env.ATTACHE_URL ?? 'http://127.0.0.1:4000';
const proxy = { target: server, ws: true };

const project = resolve(import.meta.dirname, '../..');
const root = join(project, 'src/web');

export default defineConfig({
  root,
  // Relative, because a proxy may serve the page below a path.
  base: './',
  plugins: [inlineDocuments(documents), copyPdfResources()],
  // The package's sources instead of its build.
  resolve: {
    alias: [{ find: /^attache-client\/(\w+)$/, replacement: join(project, 'packages/attache-client/src/$1.ts') }],
  },
  build: {
    target: 'es2022',
    // With `light-dark()`. What replaces it for older browsers does not know the choice of colours.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    chunkSizeWarningLimit: 4096,
    rolldownOptions: {
      input: {
        index: join(root, 'index.html'),
        graphiql: join(root, 'graphiql.html'),
      },
      // The components begin with 'use client', which says nothing to a bundler.
      checks: { moduleLevelDirective: false },
    },
    // A policy without `data:` for scripts, and files that are cached on their own.
    assetsInlineLimit: 0,
  },
  server: {
    proxy: { '/graphql': proxy, '/files': proxy, '/uploads': proxy, '/shares': proxy },
  },
});
