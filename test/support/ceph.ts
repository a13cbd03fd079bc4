import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { freePorts } from '../../scripts/support/ports.ts';
import { temporaryFolder } from './temporary-folder.ts';

const run = promisify(execFile);

const KEY = 'the-access-key';
const ATTEMPTS = 3;
const SECRET = 'the-secret-of-the-tests';

export interface Ceph extends AsyncDisposable {
  endpoint: string;
  /** A client with full access, to inspect and change the store beside the server. */
  client: S3Client;
  /** Creates a bucket, and returns its `STORAGE_URL`, at `endpoint` if one is given. */
  createBucket(endpoint?: string): Promise<{ bucket: string; url: string }>;
}

/** Starts Ceph's S3 gateway on a cluster of one node that stores everything in memory. */
export async function startCeph(): Promise<Ceph> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce();
    } catch (error) {
      // On a busy machine, another process may take a port, or the gateway may time out.
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function startOnce(): Promise<Ceph> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder('ceph'));
  const [port = 0, monitorPort = 0] = await freePorts(2);
  const conf = join(folder.path, 'ceph.conf');
  const fsid = randomUUID();
  for (const name of ['mon', 'osd', 'run', 'log']) await mkdir(join(folder.path, name));
  await writeFile(conf, configuration(folder.path, fsid, port, monitorPort));
  const map = join(folder.path, 'monmap');
  const address = `[v1:127.0.0.1:${monitorPort}]`;
  await run('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', address, map]);
  await run('ceph-mon', ['-c', conf, '--mkfs', '-i', 'a', '--monmap', map, '--keyring', '/dev/null']);
  stack.use(keepRunning('ceph-mon', ['-f', '-c', conf, '-i', 'a']));
  await run('ceph-osd', ['-c', conf, '-i', '0', '--mkfs', '--osd-uuid', randomUUID()]);
  const osd = (await readFile(join(folder.path, 'osd', 'fsid'), 'utf8')).trim();
  await run('ceph', ['-c', conf, 'osd', 'new', osd]);
  stack.use(keepRunning('ceph-osd', ['-f', '-c', conf, '-i', '0']));
  stack.use(keepRunning('radosgw', ['-f', '-c', conf, '-n', 'client.rgw']));
  const endpoint = `http://127.0.0.1:${port}`;
  await waitUntilReady(endpoint);
  const user = [
    'user',
    'create',
    '--uid=tests',
    '--display-name=tests',
    `--access-key=${KEY}`,
    `--secret-key=${SECRET}`,
  ];
  await run('radosgw-admin', ['-c', conf, ...user]);
  const client = new S3Client({
    region: 'us-east-1',
    endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: KEY, secretAccessKey: SECRET },
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  stack.defer(() => client.destroy());
  await createPools(client);
  const running = stack.move();
  return {
    endpoint,
    client,
    async createBucket(through = endpoint) {
      const bucket = `attache-${randomUUID()}`;
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      return { bucket, url: `s3://${KEY}:${SECRET}@${bucket}/some/where?endpoint=${encodeURIComponent(through)}` };
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function keepRunning(program: string, args: string[]): AsyncDisposable {
  const child = spawn(program, args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const killChild = () => child.kill('SIGKILL');
  process.once('exit', killChild);
  return {
    async [Symbol.asyncDispose]() {
      process.off('exit', killChild);
      child.kill('SIGKILL'); // its data is in memory only
      await ended;
    },
  };
}

/**
 * Has the gateway create its pools, as it does at the first object and at the first multipart
 * upload. That takes seconds: a server with a short time limit would repeat its first request, and
 * leave an unfinished multipart upload that the test does not expect.
 */
async function createPools(client: S3Client): Promise<void> {
  const at = { Bucket: 'pools', Key: 'a' };
  await client.send(new CreateBucketCommand({ Bucket: at.Bucket }));
  await client.send(new PutObjectCommand({ ...at, Body: 'a' }));
  await client.send(new DeleteObjectCommand(at));
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
  await client.send(new AbortMultipartUploadCommand({ ...at, UploadId }));
  await client.send(new DeleteBucketCommand({ Bucket: at.Bucket }));
}

async function waitUntilReady(endpoint: string): Promise<void> {
  for (let tries = 0; tries < 250; tries++) {
    if (
      await fetch(endpoint).then(
        (response) => response.ok,
        () => false,
      )
    )
      return;
    await pause(200);
  }
  throw new Error('The S3 gateway did not start within a minute.');
}

const configuration = (folder: string, fsid: string, port: number, monitorPort: number) => `
[global]
fsid = ${fsid}
mon host = [v1:127.0.0.1:${monitorPort}]
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd crush chooseleaf type = 0
mon allow pool size one = true
osd objectstore = memstore
memstore device bytes = 2147483648
osd class load list = *
osd class default list = *
mon data = ${folder}/mon
osd data = ${folder}/osd
run dir = ${folder}/run
admin socket = ${folder}/run/$name.asok
pid file = ${folder}/run/$name.pid
log file = ${folder}/log/$name.log
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:${port}
rgw thread pool size = 32
`;
