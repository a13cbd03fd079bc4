import { defineConfig } from 'vite';

/** The server that `npm run dev:web` passes requests to. */
const server = process.env.ATTACHE_URL ?? 'http://127.0.0.1:4000';
const proxy = { target: server, ws: true };

const packages = `${import.meta.dirname}/../../packages`;

export default defineConfig({
  root: import.meta.dirname,
  // Relative, because a proxy may serve the page below a path.
  base: './',
  // The package's sources instead of its build.
  resolve: {
    alias: [{ find: /^attache-client\/(\w+)$/, replacement: `${packages}/attache-client/src/$1.ts` }],
  },
  build: {
    target: 'es2022',
    // With `light-dark()`. What replaces it for older browsers does not know the choice of colours.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    chunkSizeWarningLimit: 4096,
    rolldownOptions: {
      input: {
        index: `${import.meta.dirname}/index.html`,
        graphiql: `${import.meta.dirname}/graphiql.html`,
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
