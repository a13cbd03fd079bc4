import sharp from 'sharp';
import { expect, test } from 'vitest';
import { deleteAuditBefore } from '../../src/audit/audit-retention.ts';
import { indexAudit } from '../../src/audit/index-audit.ts';
import { writeAudit } from '../../src/audit/write-audit.ts';
import { createCli } from '../../src/cli.ts';
import { openDatabase } from '../../src/database/open.ts';
import { auditEntries, auditLog } from '../support/audit.ts';
import { ask, errorOf } from '../support/client.ts';
import { databaseEnv, kind, placeOf, runSql } from '../support/database.ts';
import { remove, uploadFile } from '../support/files.ts';
import { connect } from '../support/live.ts';
import { newPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Runs work on the database of a server. */
async function withDatabase<T>(server: TestServer, work: (em: ReturnType<Database['em']>) => Promise<T>): Promise<T> {
  await using database = await openDatabase(await placeOf(server.dataDir));
  return await work(database.em());
}
type Database = Awaited<ReturnType<typeof openDatabase>>;

const ORIGIN = { via: 'SERVER', actorId: null } as const;

test('an entry names actor, key, address and request, over HTTP, WebSocket and tus, and from the command line', async () => {
  await using server = await startTestServer({ TRUSTED_PROXIES: '127.0.0.1' });
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  const mutation = 'mutation { createProject(input: { title: "x" }) { project { id } } }';
  const headers = {
    authorization: `Bearer ${bob.key}`,
    'content-type': 'application/json',
    'x-forwarded-for': '192.0.2.7',
    'x-request-id': 'request-1',
  };
  await fetch(server.graphqlUrl, { method: 'POST', headers, body: JSON.stringify({ query: mutation }) });
  const [entry] = await auditEntries(server, {}, 1);
  const byBob = { actor: { id: bob.id, displayName: 'Bob' }, apiKeyId: bob.keyId, via: 'REQUEST' };
  expect(entry).toMatchObject({
    ...byBob,
    ...{ action: 'PROJECT_CREATED', targetId: 'Project:2', address: '192.0.2.7', requestId: 'request-1' },
  });
  expect(Math.abs(Date.parse(entry?.at ?? '') - Date.now())).toBeLessThan(60_000);

  // An id that could break a log line is not taken over.
  await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { ...headers, 'x-request-id': 'a b' },
    body: JSON.stringify({ query: mutation }),
  });
  expect((await auditEntries(server, {}, 1))[0]?.requestId).toMatch(/^[\da-f-]{36}$/);

  const client = connect(server, { connectionParams: { authorization: bob.key } });
  await new Promise<void>((resolve, reject) =>
    client.subscribe({ query: mutation }, { next: () => {}, error: reject, complete: resolve }),
  );
  await client.dispose();
  expect((await auditEntries(server, {}, 1))[0]).toMatchObject({
    ...byBob,
    targetId: 'Project:4',
    address: '127.0.0.1',
  });

  const created = await fetch(`${server.url}/uploads`, {
    method: 'POST',
    headers: {
      ...headers,
      'tus-resumable': '1.0.0',
      'upload-length': '5',
      'upload-metadata': `filename ${btoa('a.txt')},on ${btoa('Task:1')}`,
      'content-type': 'application/offset+octet-stream',
    },
    body: 'hello',
  });
  expect(created.status).toBe(201);
  expect((await auditEntries(server, {}, 1))[0]).toMatchObject({
    ...byBob,
    ...{ action: 'FILE_UPLOADED', address: '192.0.2.7', details: { on: 'Task:1' } },
  });

  const cli = createCli({ DATA_DIR: server.dataDir, ...(await databaseEnv(server.dataDir)) }, () => {});
  await cli.parseAsync(['user', 'disable', bob.id], { from: 'user' });
  expect((await auditEntries(server, {}, 1))[0]).toMatchObject({
    ...{ action: 'USER_DISABLED', targetId: bob.id, via: 'COMMAND_LINE' },
    ...{ actor: null, apiKeyId: null, address: null, requestId: null },
  });
});

test('a change that fails leaves no entry', async () => {
  await using server = await startTestServer();
  const before = (await auditEntries(server)).length;
  expect(await errorOf(server, 'mutation { disableUser(input: { userId: "User:1" }) { __typename } }')).toMatch(
    /^CONFLICT/,
  );
  expect(await auditEntries(server)).toHaveLength(before);
});

test('only administrators with a key of the scope ADMIN read the audit log', async () => {
  await using server = await startTestServer();
  const bob = await newPerson(server, 'Bob', { role: 'OWNER' });
  const root = await newPerson(server, 'Root', { isAdmin: true });
  const [entry] = await auditEntries(server, {}, 1);
  const node = `{ node(id: "${entry?.id}") { ... on AuditLogEntry { action } } }`;
  expect(await ask(server, node)).toEqual({ node: { action: 'API_KEY_CREATED' } });
  for (const { key } of [bob, root]) {
    expect(await errorOf(server, auditLog, {}, key)).toMatch(/^FORBIDDEN: Only administrators read the audit log/);
    expect(await errorOf(server, node, {}, key)).toMatch(/^NOT_FOUND: /);
  }
});

test('entries are filtered and read in pages in both directions, whether or not they are indexed yet', async () => {
  await using server = await startTestServer();
  const start = new Date('2100-01-01T00:00:00Z').getTime();
  const from = new Date(start).toISOString();
  await withDatabase(server, async (em) => {
    // One entry a minute: older ones are indexed, the newest 50 are not. Uploads are the most.
    const write = (first: number, end: number) =>
      em.transactional(async (tx) => {
        for (let index = first; index < end; index++) {
          const action = index % 10 === 0 ? 'FILE_REMOVED' : 'FILE_UPLOADED';
          const actorId = index % 2 === 0 ? 1 : null;
          const at = new Date(start + index * 60_000);
          await writeAudit(tx, at, { via: 'SERVER', actorId }, [{ action, target: `File:${1000 + (index % 100)}` }]);
        }
      });
    await write(0, 950);
    await indexAudit(em);
    await write(950, 1000);
  });
  const targets = (filter: object) => auditEntries(server, { from, ...filter });
  const all = await ask(server, auditLog, { filter: { from } });
  expect(all.auditLog.totalCount).toBe(1000);

  expect(await targets({ action: 'FILE_REMOVED' })).toHaveLength(100);
  expect((await targets({ targetId: 'File:1007' })).map(({ at }) => at)).toEqual(
    Array.from({ length: 10 }, (_, round) => new Date(start + (907 - round * 100) * 60_000).toISOString()),
  );
  expect((await targets({ targetId: 'File:1007', actorId: 'User:1' })).length).toBe(0);
  expect((await targets({ targetId: 'File:1008', actorId: 'User:1', action: 'FILE_UPLOADED' })).length).toBe(10);
  const [since, to] = [300, 330].map((minute) => new Date(start + minute * 60_000).toISOString());
  const between = await auditEntries(server, { from: since, to });
  expect([between.length, between[0]?.at, between.at(-1)?.at]).toEqual([
    30,
    new Date(start + 329 * 60_000).toISOString(),
    since,
  ]);

  const filter = { actorId: 'User:1', from };
  const forward: string[] = [];
  for (let after: string | null | undefined; ; ) {
    const page = (await ask(server, auditLog, { filter, first: 100, after })).auditLog;
    forward.push(...page.nodes.map(({ id }) => id));
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  const backward: string[] = [];
  for (let before: string | null | undefined; ; ) {
    const page = (await ask(server, auditLog, { filter, last: 100, before })).auditLog;
    backward.unshift(...page.nodes.map(({ id }) => id));
    if (!page.pageInfo.hasPreviousPage) break;
    before = page.pageInfo.startCursor;
  }
  expect(forward).toHaveLength(500);
  expect(forward).toEqual(backward);
  expect(forward).toEqual([...forward].sort((a, b) => Number(b.split(':')[1]) - Number(a.split(':')[1])));
});

test('the database refuses to change and delete entries, except those that were kept for long enough', async () => {
  await using server = await startTestServer();
  await newPerson(server, 'Bob');
  const refused = (sql: string) => expect(runSql(server.dataDir, sql)).rejects.toThrow(/append-only/);
  await withDatabase(server, async (em) => {
    const before = await auditEntries(server);
    for (const table of ['audit_recent', 'audit_log']) {
      await writeAudit(em, new Date(), ORIGIN, [{ action: 'USER_CREATED', target: 'User:7' }]);
      if (table === 'audit_log') await indexAudit(em);
      const row = `${table} where target = 'User:7'`;
      await refused(`update ${table} set address = 'x' where target = 'User:7' returning id`);
      await refused(`delete from ${row} returning id`);
      if (kind === 'postgres') await refused(`truncate ${table}`);
    }
    expect(await auditEntries(server)).toHaveLength(before.length + 2);

    const old = new Date(Date.now() - 10 * 60_000);
    for (let index = 0; index < 3; index++)
      await writeAudit(em, old, ORIGIN, [{ action: 'USER_CREATED', target: 'User:8' }]);
    await indexAudit(em);
    expect(await deleteAuditBefore(em, new Date(old.getTime() - 1))).toBe(0);
    // Retention goes by the order of the log: what is older than an entry that is kept stays.
    expect(await deleteAuditBefore(em, new Date(old.getTime() + 1))).toBe(0);
    expect(await deleteAuditBefore(em, new Date(Date.now() + 1000))).toBe(before.length + 5);
  });
});

test('the server indexes recent entries and deletes those that are older than AUDIT_RETENTION_SECONDS', async () => {
  await using server = await startTestServer({ AUDIT_RETENTION_SECONDS: '2' });
  await newPerson(server, 'Bob');
  expect((await auditEntries(server)).length).toBeGreaterThan(0);
  await expect.poll(async () => (await auditEntries(server)).length, { timeout: 30_000, interval: 500 }).toBe(0);
  const rows = await runSql<{ count: number | string }>(
    server.dataDir,
    'select (select count(*) from audit_log) + (select count(*) from audit_recent) as count',
  );
  expect(Number(rows[0]?.count)).toBe(0);
});

const linkTo = (server: TestServer, id: string, seconds: number): Promise<string> =>
  ask<{ file: { url: string } }>(server, `{ file(id: "${id}") { url(expiresIn: ${seconds}) } }`).then(
    ({ file }) => file.url,
  );

test('downloads are recorded where AUDIT_DOWNLOADS is set, before the first byte, once a minute for a viewer', async () => {
  await using server = await startTestServer({ AUDIT_DOWNLOADS: 'true' });
  const file = await uploadFile(server, 'Task:1', 'hello');
  const url = await linkTo(server, file.id, 60);
  const headers = { authorization: `Bearer ${server.key}` };
  const content = `${server.url}/files/${file.id.split(':')[1]}/content`;
  for (const one of [content, `${server.url}/files/zip?on=Task:1`]) await (await fetch(one, { headers })).bytes();
  for (const link of [url, await linkTo(server, file.id, 61), url]) await (await fetch(link)).bytes();
  await ask(server, `{ file(id: "${file.id}") { content } }`);
  // A player reads a video in ranges.
  for (const range of ['bytes=0-1', 'bytes=2-'])
    expect((await fetch(content, { headers: { ...headers, range } })).status).toBe(206);
  const bob = await newPerson(server, 'Bob', { role: 'VIEWER' });
  await (await fetch(content, { headers: { authorization: `Bearer ${bob.key}` } })).bytes();
  const etag = (await fetch(content, { headers })).headers.get('etag') ?? '';
  expect((await fetch(content, { headers: { ...headers, 'if-none-match': etag } })).status).toBe(304);
  const downloads = await auditEntries(server, { action: 'FILE_DOWNLOADED' });
  // Those of one viewer within a minute are one entry; each signed link is another viewer.
  expect(downloads.map(({ actor, via, targetId }) => [actor?.id, via, targetId])).toEqual([
    [bob.id, 'REQUEST', file.id],
    ['User:1', 'GUEST', file.id],
    ['User:1', 'GUEST', file.id],
    ['User:1', 'REQUEST', file.id],
  ]);
  expect(downloads[0]).toMatchObject({ address: '127.0.0.1' });
});

test('thumbnails are recorded as such where AUDIT_DOWNLOADS is set, unless nothing is sent', async () => {
  await using server = await startTestServer({ AUDIT_DOWNLOADS: 'true' });
  const bytes = await sharp({ create: { width: 300, height: 200, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  const file = await uploadFile(server, 'Task:1', { name: 'a.png', content: new Blob([bytes]) });
  const thumbnail = `${server.url}/files/${file.databaseId}/thumbnail`;
  const headers = { authorization: `Bearer ${server.key}` };
  const previews = () => auditEntries(server, { action: 'FILE_PREVIEWED' });
  const { status, headers: sent } = await fetch(thumbnail, { headers, method: 'HEAD' });
  expect([status, await previews()]).toEqual([200, []]);
  const cached = { ...headers, 'if-none-match': sent.get('etag') ?? '' };
  expect((await fetch(thumbnail, { headers: cached })).status).toBe(304);
  expect(await previews()).toEqual([]);
  for (const size of [64, 128]) await (await fetch(`${thumbnail}?width=${size}`, { headers })).bytes();
  expect(await previews()).toMatchObject([{ targetId: file.id, actor: { id: 'User:1' }, via: 'REQUEST' }]);
  expect(await auditEntries(server, { action: 'FILE_DOWNLOADED' })).toEqual([]);
});

test('downloads are not recorded by default', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Task:1', 'hello');
  const content = `${server.url}/files/${file.id.split(':')[1]}/content`;
  await (await fetch(content, { headers: { authorization: `Bearer ${server.key}` } })).bytes();
  await remove(server, file.id);
  const entries = await auditEntries(server, { targetId: file.id });
  expect(entries.map(({ action }) => action)).toEqual(['FILE_REMOVED', 'FILE_UPLOADED']);
  expect(entries[0]?.details).toEqual({ name: 'hello' });
});
