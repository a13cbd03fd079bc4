import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As Node takes it. Vite would take its ESM half, while the packages that use it take the CommonJS one, and each
  // refuses the schemas and errors of the other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    // Real servers, sockets and disks: generous, because a clock decides nothing here.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
