import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { runAttache } from '../../scripts/crash/attache-command.ts';
import type { Ceph } from './ceph.ts';
import { databaseEnv } from './database.ts';
import { startTestServer } from './server.ts';

/** Starts a server that stores all files in a bucket of its own. */
export async function startOnBucket(ceph: Ceph, settings: Record<string, string> = {}) {
  const { bucket, url } = await ceph.createBucket();
  const env = { STORAGE_URL: url, SMALL_FILE_SIZE: '0' };
  const server = await startTestServer({ ...env, ...settings });
  return {
    server,
    /** The keys in the bucket, without their prefix and dates. */
    async stored() {
      const { Contents = [] } = await ceph.client.send(new ListObjectsV2Command({ Bucket: bucket }));
      return Contents.map(({ Key = '' }) => Key.replace('some/where/', '').split('/')[0]).sort();
    },
    /** What an operator runs, or SWEEP_HOURS. */
    async sweep(olderThanHours: number) {
      const place = { DATA_DIR: server.dataDir, ...(await databaseEnv(server.dataDir)) };
      return runAttache({ ...place, ...env }, 'sweep', '--older-than', `${olderThanHours}`);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
