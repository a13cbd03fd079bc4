/** Builds the server into `dist/`, where `npm start` and `npx attache` run it from. */
import { buildServer } from './support/build.ts';

await buildServer();
