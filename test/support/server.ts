import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { createApp } from '../../src/app.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { type Endpoint, endpointOf, execute, type GraphQLResult } from './client.ts';
import { prepareDatabase, removeData } from './database.ts';
import { filesBelow } from './files-below.ts';
import { expectPlacedFilesKept } from './placed-files.ts';
import { smallBlobs } from './small-blobs.ts';
import { ADMIN_KEY } from './started-database.ts';

export { ADMIN_KEY };

/** A real server on a free port with its own folder and database, which are removed on disposal. */
export interface TestServer extends Endpoint, AsyncDisposable {
  dataDir: string;
  /** Sends a query as JSON, and returns the response with any status. */
  query<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables?: Variables,
    key?: string,
  ): Promise<GraphQLResult<Data>>;
  /**
   * The paths of the files below `staging`, and where the bytes of files are: the paths below
   * `blobs`, and the keys of those in the database.
   */
  stored(): Promise<{ staging: string[]; blobs: string[] }>;
}

/** Settings of what a first start creates. */
const OF_FIRST_START = ['ATTACHE_ADMIN_KEY', 'ATTACHE_DEMO', 'NODE_ENV'];

/** Starts the app as users do. `env` has the settings of an operator. */
export async function startTestServer(env: Record<string, string> = {}): Promise<TestServer> {
  const dataDir = env.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'attache-test-')));
  const config: Config = readConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    ATTACHE_ADMIN_KEY: ADMIN_KEY,
    LOG_LEVEL: 'fatal',
    ...(await prepareDatabase(dataDir, OF_FIRST_START.some((name) => name in env) ? 'migrated' : 'started')),
    ...env,
  });
  const app = await createApp(config);
  const endpoint = endpointOf(`${app.url}/graphql`, ADMIN_KEY);
  return {
    ...endpoint,
    dataDir,
    query: (document, variables, key) => execute(endpoint, document, variables, key),
    async stored() {
      return {
        staging: await filesBelow(join(dataDir, 'files', 'staging')),
        blobs: [...(await filesBelow(join(dataDir, 'files', 'blobs'))), ...(await smallBlobs(dataDir)).keys()],
      };
    },
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await expectPlacedFilesKept(dataDir);
      if (!env.DATA_DIR) await removeData(dataDir);
    },
  };
}
