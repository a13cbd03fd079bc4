import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { errorOf } from '../support/client.ts';
import { kinds } from '../support/entity-kinds.ts';
import { attach, ids, list, listQuery, names, remove, uploadFile, uploadFiles } from '../support/files.ts';
import { newPerson } from '../support/people.ts';
import { png } from '../support/pictures.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Uploads six files to Task:1 that differ in every filterable field. Returns the id of Bob. */
async function variety(server: TestServer): Promise<string> {
  const bob = await newPerson(server, 'Bob', { role: 'EDITOR' });
  await uploadFiles(server, 'Task:1', [{ name: 'Plan.PNG', content: png(2, 2) }], { status: 'APPROVED' });
  await uploadFiles(server, 'Task:1', ['100%.txt', '100 percent.txt'], { status: 'PENDING', available: false });
  await uploadFiles(server, 'Task:1', ['a_b.txt', 'aXb.txt', 'ÜBER.md'], {}, bob.key);
  return bob.id;
}

test.each([
  ['nameContains: "plan"', ['Plan.PNG']],
  ['nameContains: "PERCENT"', ['100 percent.txt']],
  ['nameContains: "100%"', ['100%.txt']],
  ['nameContains: "%"', ['100%.txt']],
  ['nameContains: "a_b"', ['a_b.txt']],
  ['nameContains: "axB"', ['aXb.txt']],
  ['nameContains: "über"', ['ÜBER.md']],
  ['nameContains: "\\\\"', []],
  ['nameContains: "\'"', []],
  ['contentType: "image/png"', ['Plan.PNG']],
  ['contentType: "IMAGE/PNG"', ['Plan.PNG']],
  ['contentType: "image/*"', ['Plan.PNG']],
  ['contentType: "image/pn"', []],
  ['isImage: true', ['Plan.PNG']],
  ['isImage: false', ['100%.txt', '100 percent.txt', 'a_b.txt', 'aXb.txt', 'ÜBER.md']],
  ['createdById: "User:2"', ['a_b.txt', 'aXb.txt', 'ÜBER.md']],
  ['createdById: "User:99"', []],
  ['status: APPROVED', ['Plan.PNG']],
  ['status: PENDING', ['100%.txt', '100 percent.txt']],
  ['status: REQUIRED', []],
  ['available: false', ['100%.txt', '100 percent.txt']],
  ['available: true', ['Plan.PNG', 'a_b.txt', 'aXb.txt', 'ÜBER.md']],
  ['status: PENDING, nameContains: "%"', ['100%.txt']],
  ['status: APPROVED, isImage: false', []],
  ['available: true, createdById: "User:1"', ['Plan.PNG']],
  ['', ['Plan.PNG', '100%.txt', '100 percent.txt', 'a_b.txt', 'aXb.txt', 'ÜBER.md']],
  [
    'nameContains: null, status: null, available: null, isImage: null, createdById: null, createdAfter: null',
    ['Plan.PNG', '100%.txt', '100 percent.txt', 'a_b.txt', 'aXb.txt', 'ÜBER.md'],
  ],
])('filter: { %s } selects exactly the matching files in every list', async (filter, expected) => {
  await using server = await startTestServer();
  expect(await variety(server)).toBe('User:2');
  const args = `filter: { ${filter} }`;
  expect(await names(server, 'Task:1', args)).toEqual(expected);
  expect(await names(server, 'Project:1', `include: TASKS, ${args}`)).toEqual(expected);
  expect(await names(server, null, args)).toEqual(expected);
});

test('createdAfter is inclusive, and createdBefore is exclusive', async () => {
  await using server = await startTestServer();
  const a = await uploadFile(server, 'Task:1', 'a');
  await pause(5);
  const b = await uploadFile(server, 'Task:1', 'b');
  await pause(5);
  await uploadFile(server, 'Task:1', 'c');
  for (const on of ['Task:1', null]) {
    expect(await names(server, on, `filter: { createdAfter: "${b.createdAt}" }`)).toEqual(['b', 'c']);
    expect(await names(server, on, `filter: { createdBefore: "${b.createdAt}" }`)).toEqual(['a']);
    const between = `filter: { createdAfter: "${a.createdAt}", createdBefore: "${b.createdAt}" }`;
    expect(await names(server, on, between)).toEqual(['a']);
  }
});

test('a filter applies to the newest version', async () => {
  await using server = await startTestServer();
  const v1 = await uploadFile(server, 'Task:1', 'old.txt', { status: 'PENDING' });
  const v2 = await uploadFile(server, 'Task:1', 'new.txt', { parentId: v1.id, status: 'APPROVED' });
  for (const on of ['Task:1', null]) {
    expect(await names(server, on, 'filter: { nameContains: "old" }')).toEqual([]);
    expect(await names(server, on, 'filter: { status: APPROVED }')).toEqual(['new.txt']);
  }
  await remove(server, v2.id, true);
  for (const on of ['Task:1', null])
    expect(await names(server, on, 'filter: { status: PENDING }')).toEqual(['old.txt']);
});

test('the files of a project include those of its tasks and comments with include: TASKS, each once', async () => {
  await using server = await startTestServer();
  const own = await uploadFile(server, 'Project:1', 'own');
  const [one = '', two = ''] = ids((await uploadFiles(server, 'Task:1', ['one', 'two'])).files);
  await uploadFiles(server, 'Comment:1', ['said']);
  await uploadFiles(server, 'Contact:1', ['elsewhere']);
  for (const on of ['Task:1', 'Task:2', 'Comment:1']) await attach(server, on, [own.id, one]);
  await attach(server, 'Project:1', [two]);
  expect(await names(server, 'Project:1')).toEqual(['own', 'two']);
  expect((await names(server, 'Project:1', 'include: TASKS')).toSorted()).toEqual(['one', 'own', 'said', 'two']);
  for (const order of ['NAME', 'SIZE', 'CREATED_AT']) {
    const args = `include: TASKS, orderBy: { field: ${order}, direction: DESC }`;
    const all = await list(server, 'Project:1', args);
    const first = await list(server, 'Project:1', `first: 3, ${args}`);
    const rest = await list(server, 'Project:1', `first: 3, after: "${first.pageInfo.endCursor}", ${args}`);
    expect([...first.edges, ...rest.edges]).toEqual(all.edges);
    expect([all.totalCount, first.totalCount, rest.edges.length]).toEqual([4, 4, 1]);
  }
});

test('the files of a task include those of its comments with include: COMMENTS, each once', async () => {
  await using server = await startTestServer();
  const own = await uploadFile(server, 'Task:1', 'own');
  await uploadFiles(server, 'Comment:1', ['said']);
  await uploadFiles(server, 'Task:2', ['other']);
  await attach(server, 'Comment:1', [own.id]);
  expect(await names(server, 'Task:1')).toEqual(['own']);
  expect(await names(server, 'Task:1', 'include: COMMENTS')).toEqual(['own', 'said']);
});

test('a file attached to several attachables is listed once on each of them', async () => {
  await using server = await startTestServer();
  const file = await uploadFile(server, 'Contact:1', 'a');
  await attach(server, 'Task:2', [file.id]);
  await attach(server, 'Task:1', [file.id]);
  expect(await names(server, 'Project:1', 'include: TASKS')).toEqual(['a']);
  expect(await names(server, 'Task:1', 'include: COMMENTS')).toEqual(['a']);
  expect(await names(server, 'Task:2', 'include: COMMENTS')).toEqual(['a']);
});

test.each([
  ['Project:1', 'COMMENTS'],
  ['Task:1', 'TASKS'],
  ['Comment:1', 'COMMENTS'],
  ['Contact:1', 'TASKS'],
])('on %s, include: %s is rejected with BAD_USER_INPUT', async (on, include) => {
  await using server = await startTestServer();
  expect(await errorOf(server, listQuery(on, `include: ${include}`))).toMatch(/^BAD_USER_INPUT: /);
});

test('the root list and its totalCount contain exactly the files that the viewer may see', async () => {
  await using server = await startTestServer();
  const member = await newPerson(server, 'Mia', { role: 'EDITOR' });
  const viewer = await newPerson(server, 'Vera', { role: 'VIEWER' });
  const outsider = await newPerson(server, 'Sam');
  const secret = await kinds.Contact.create(server, { isPrivate: true });
  const forVera = await kinds.Opportunity.create(server, {
    isPrivate: true,
    accessList: [{ userId: viewer.id, access: 'READ' }],
  });
  const forMia = await kinds.Case.create(server, {
    isPrivate: true,
    accessList: [{ userId: member.id, access: 'READ_WRITE' }],
  });
  await uploadFiles(server, 'Task:1', ['task']);
  await uploadFiles(server, 'Comment:1', ['comment, hidden'], { available: false });
  await uploadFiles(server, 'Case:1', ['public case']);
  await uploadFiles(server, 'Case:1', ['public case, hidden'], { available: false });
  await uploadFiles(server, secret, ['secret']);
  await uploadFiles(server, forVera, ['for Vera']);
  await uploadFiles(server, forVera, ['for Vera, hidden'], { available: false });
  await uploadFiles(server, forMia, ['for Mia, hidden'], { available: false });
  await uploadFiles(server, null, ['loose']);
  await uploadFiles(server, null, ['loose of Sam'], { available: false }, outsider.key);
  const open = ['public case', 'public case, hidden'];
  expect(await names(server, null, undefined, member.key)).toEqual([
    'task',
    'comment, hidden',
    ...open,
    'for Mia, hidden',
  ]);
  expect(await names(server, null, undefined, viewer.key)).toEqual(['task', ...open, 'for Vera']);
  expect(await names(server, null, undefined, outsider.key)).toEqual([...open, 'loose of Sam']);
  expect(await names(server, null)).toHaveLength(10);
});

test('a contact shared for reading shows available files, and one that is not shared shows none', async () => {
  await using server = await startTestServer();
  const outsider = await newPerson(server, 'Sam');
  await uploadFiles(server, 'Contact:1', ['shown']);
  await uploadFiles(server, 'Contact:1', ['hidden'], { available: false });
  const share = async (shareType: 'NONE' | 'READ' | 'READ_WRITE') => {
    await kinds.Contact.update(server, 'Contact:1', { shareType } as object);
    return names(server, null, undefined, outsider.key);
  };
  expect(await share('READ_WRITE')).toEqual(['shown', 'hidden']);
  expect(await share('READ')).toEqual(['shown']);
  expect(await share('NONE')).toEqual([]);
});

test.each(['first: -1', 'first: 1, last: 1', 'after: "banana"', 'before: "WzFd"'])(
  'lists reject %s with BAD_USER_INPUT',
  async (args) => {
    await using server = await startTestServer();
    for (const on of ['Task:1', null]) expect(await errorOf(server, listQuery(on, args))).toMatch(/^BAD_USER_INPUT: /);
  },
);

test('nameContains ignores case and the composition of letters', async () => {
  await using server = await startTestServer();
  // macOS sends decomposed names: ü as u and a combining mark. Names are stored composed.
  const files = ['ΟΔΟΣ ΑΘΗΝΑΣ.txt', 'Übersicht.md'.normalize('NFD'), 'Straße.txt', 'STRASSE.txt', 'ǅungla.txt'];
  await uploadFiles(server, 'Task:1', files);
  const found = async (part: string) => names(server, 'Task:1', `filter: { nameContains: ${JSON.stringify(part)} }`);
  expect(await found('οδος')).toEqual(['ΟΔΟΣ ΑΘΗΝΑΣ.txt']);
  expect(await found('ΟΔΟΣ')).toEqual(['ΟΔΟΣ ΑΘΗΝΑΣ.txt']);
  expect(await found('αθηνασ')).toEqual(['ΟΔΟΣ ΑΘΗΝΑΣ.txt']);
  expect(await found('οδοσ αθ')).toEqual(['ΟΔΟΣ ΑΘΗΝΑΣ.txt']);
  for (const form of ['NFC', 'NFD'] as const)
    expect(await found('ÜBERS'.normalize(form))).toEqual(['Übersicht.md'.normalize('NFC')]);
  expect(await found('STRASSE')).toEqual(['STRASSE.txt']);
  expect(await found('ǆUNG')).toEqual(['ǅungla.txt']);
});
