import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { processEnv } from '../../support/process.ts';
import { startTestServer } from '../../support/server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);

/** The packages that an application has beside attache-client. */
const PEERS = [
  ...['graphql', 'graphql-ws', '@apollo', '@wry', 'optimism', 'rxjs', 'tslib', 'graphql-tag', '@urql', '@0no-co'],
  ...['wonka', '@graphql-typed-document-node'],
];

const PROGRAM = `
  import { createSubscriptionLink, createUploadLink } from 'attache-client/apollo';
  import { scalars, relayScalars } from 'attache-client/scalars';
  import { SubscriptionClient, type SubscriptionStatus } from 'attache-client/subscriptions';
  import { executeUpload, uploadFile } from 'attache-client/uploads';
  import { createForwardSubscription, uploadExchange } from 'attache-client/urql';

  const url: string = (globalThis as any).process.env.URL, token = (globalThis as any).process.env.KEY as string;
  await using client = new SubscriptionClient({ url, token });
  createSubscriptionLink(client); createUploadLink({ url, token });
  createForwardSubscription(client); uploadExchange({ url, token });
  const size: 'number' = scalars.ByteSize; const date: 'string' = relayScalars.DateTime;
  const status: SubscriptionStatus = client.status;
  type Added = { fileAdded: { cursor: string; file: { name: string } } };
  const query = 'subscription ($on: ID!, $after: String) { fileAdded(on: $on, after: $after) { cursor file { name } } }';
  const events = client.iterate<Added>({ query, variables: { on: 'Task:1' } });
  const next = events.next();
  await new Promise<void>((resolve) => { client.onStatus((now) => now === 'connected' && resolve()); });
  const { id } = await uploadFile({ url, token }, new File(['content'], 'a.txt'), { on: 'Task:1' });
  const { value } = await next;
  await events.return();
  const mutation = 'mutation ($files: [Upload!]!) { uploadTaskFiles(input: { taskId: "Task:1", files: $files }) { filesCount } }';
  const large = await executeUpload({ url, token, maxMultipartSize: 0 }, { query: mutation, variables: { files: [new File(['b'], 'b')] } });
  console.log(JSON.stringify([size, date, status, id, value?.data?.fileAdded.file.name, large.data]));
`;

test('what `npm pack` packs runs in plain Node, and its types pass a strict check', { timeout: 240_000 }, async () => {
  await using folder = await temporaryFolder('client');
  const modules = join(folder.path, 'node_modules');
  const target = join(modules, 'attache-client');
  await mkdir(target, { recursive: true });
  await run('npm', ['pack', '--workspace', 'attache-client', '--pack-destination', folder.path], { cwd: root });
  await run('tar', ['xzf', 'attache-client-0.1.0.tgz', '-C', target, '--strip-components=1'], { cwd: folder.path });
  for (const name of PEERS) await symlink(join(root, 'node_modules', name), join(modules, name));
  await writeFile(join(folder.path, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder.path, 'program.ts'), PROGRAM);

  for (const module of ['nodenext', 'preserve']) {
    const lib = ['esnext', 'dom', 'dom.asynciterable'];
    const compilerOptions = {
      ...{ module, target: 'es2024', lib, types: [], strict: true, noEmit: true },
      ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false },
    };
    await writeFile(join(folder.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
    const checked = await run(join(root, 'node_modules/.bin/tsc'), [], { cwd: folder.path }).catch((error) => error);
    // Errors in the types of other packages are not ours.
    const lines = String(checked.stdout).split('\n');
    expect(lines.filter((line) => /^(program|node_modules\/attache-client)/.test(line))).toEqual([]);
  }

  await using server = await startTestServer();
  const env = { ...processEnv, URL: server.graphqlUrl, KEY: server.key };
  const { stdout } = await run(process.execPath, ['program.ts'], { cwd: folder.path, env });
  expect(JSON.parse(stdout)).toEqual([
    ...['number', 'string', 'idle', 'File:1', 'a.txt'],
    { uploadTaskFiles: { filesCount: 2 } },
  ]);
});
