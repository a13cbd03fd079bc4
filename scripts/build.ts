/** Builds the server into `dist/`, where `npm start` and `npm run attache` run it from. */
import { buildServer } from './support/build.ts';

try {
  await buildServer();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
