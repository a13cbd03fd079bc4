import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileProcedures } from '../../../src/legacy/kanboard/file-procedures.ts';
import { taskProcedures } from '../../../src/legacy/kanboard/task-procedures.ts';
import { schema } from '../../../src/schema/index.ts';
import { auditEntries } from '../../support/audit.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { type MutationCase, mutations } from './mutations.ts';
import { kanboardProcedures } from './older-apis.ts';
import { otherTransports } from './other-transports.ts';
import { type QueryCase, queries, subscriptions } from './queries.ts';
import { expected, isGuest, type Right, rights } from './rights.ts';
import { type Answer, outcomeOf, type Sent, Sockets, transports } from './send.ts';
import { createWorld, type World } from './world.ts';

/**
 * Everyone tries everything on the objects of somebody else, through every transport: each root
 * field of the schema, and each operation of the other transports, for each row of the table of
 * rights. A refused request must also leave no entry in the audit log.
 */

let server: TestServer;
let world: World;
const sockets = new Sockets();

beforeAll(async () => {
  server = await startTestServer({
    LEGACY_APIS: 'kanboard,onlyoffice,worksection,cor',
    MAX_REQUESTS_PER_ADDRESS: '0',
    MAX_REQUESTS_PER_USER: '0',
    MAX_REQUESTS_PER_KEY: '0',
    MAX_UNFINISHED_UPLOADS: '10000',
  });
  world = await createWorld(server);
});
afterAll(async () => {
  await sockets[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

type Row = Record<string, string>;
const nameOf = (row: Row) => `${row.actor} ${row.key}`;
const keyOf = (row: Row) => world.credentials.get(nameOf(row)) ?? '';
const newestEntry = async () => (await auditEntries(server, {}, 1))[0]?.id;

/** What a guest gets where the token of no guest is accepted. */
function permitted(row: Row, right: Right, transport: string, needsFiles: boolean): string[] {
  if (isGuest(row) && transport === 'WebSocket') return ['UNAUTHENTICATED'];
  const outcomes = expected(row, right);
  if (!needsFiles || transport === 'multipart') return outcomes;
  // Without files, it is refused before or after the rights are.
  return [
    ...outcomes.filter((outcome) => outcome !== 'done'),
    ...(outcomes.includes('UNAUTHENTICATED') ? [] : ['BAD_USER_INPUT']),
  ];
}

const casesOf = <Case>(table: Readonly<Record<string, Case | Case[]>>): [string, Case][] =>
  Object.entries(table).flatMap(([field, cases]) =>
    (Array.isArray(cases) ? cases : [cases]).map((one): [string, Case] => [field, one]),
  );

const fieldsOf = (kind: 'Query' | 'Mutation' | 'Subscription') =>
  Object.keys((schema.getType(kind) as { getFields?(): object } | undefined)?.getFields?.() ?? {}).sort();

test('the tables have every root field of the schema', () => {
  expect(Object.keys(queries).sort()).toEqual(fieldsOf('Query'));
  expect(Object.keys(mutations).sort()).toEqual(fieldsOf('Mutation'));
  expect(Object.keys(subscriptions).sort()).toEqual(fieldsOf('Subscription'));
});

test('the tables have every procedure of Kanboard', () => {
  const procedures = { ...fileProcedures, ...taskProcedures({} as Parameters<typeof taskProcedures>[0]) };
  expect([...kanboardProcedures].sort()).toEqual(Object.keys(procedures).sort());
});

/** What requests are about: made again after a request that may have changed it. */
function reusable<Prepared>(prepare: () => Promise<Prepared>) {
  let prepared: Prepared | undefined;
  let before: string | undefined;
  return {
    async take(): Promise<Prepared> {
      if (prepared !== undefined) return prepared;
      prepared = await prepare();
      before = await newestEntry();
      return prepared;
    },
    isChanged: async () => (await newestEntry()) !== before,
    drop: () => {
      prepared = undefined;
    },
  };
}

/** Tries one operation as everyone, and returns what differs from the table. */
async function differences(
  kind: keyof typeof transports,
  right: Right,
  prepare: () => Promise<Sent>,
  judge: (outcome: string, answer: Answer, sent: Sent) => string = (outcome) => outcome,
  needsFiles = false,
): Promise<string[]> {
  const wrong: string[] = [];
  const object = reusable(prepare);
  for (const row of rights) {
    for (const [transport, send] of Object.entries(transports[kind])) {
      const sent = await object.take();
      const answer = await send(server, keyOf(row), sent, sockets);
      const outcome = judge(outcomeOf(answer), answer, sent);
      const allowed = permitted(row, right, transport, needsFiles);
      if (!allowed.includes(outcome)) wrong.push(`${nameOf(row)} by ${transport}: ${outcome}, not ${allowed}`);
      if (outcome !== 'done' && (await object.isChanged()))
        wrong.push(`${nameOf(row)} by ${transport}: an effect although ${outcome}`);
      if (outcome === 'done' && kind === 'mutation') object.drop();
    }
  }
  return wrong;
}

/** What is null or missing in a list is not found. */
const judgeQuery =
  (contains = false) =>
  (outcome: string, { data }: Answer, { query }: Sent): string => {
    if (outcome === 'empty') return 'NOT_FOUND';
    const [, id = ''] = /# (\S+)/.exec(query) ?? [];
    return outcome === 'done' && contains && !JSON.stringify(data).includes(`"${id}"`) ? 'NOT_FOUND' : outcome;
  };

describe('queries', () => {
  const title = ([field, { about }]: [string, QueryCase]) => [field, about].filter(Boolean).join(', ');
  test.for(casesOf(queries).map((one) => [title(one), one] as const))('%s', async ([, [, query]]) => {
    const prepare = async () => ({ query: `{ result: ${await query.field(world)}\n}` });
    expect(await differences('query', query.right, prepare, judgeQuery(query.contains))).toEqual([]);
  });
});

describe('subscriptions', () => {
  test.for(casesOf(subscriptions))('%s', async ([, { right, field }]) => {
    expect(
      await differences('subscription', right, async () => ({
        query: `subscription { result: ${await field(world)} }`,
      })),
    ).toEqual([]);
  });
});

describe('mutations', () => {
  const title = ([field, { about }]: [string, MutationCase]) => [field, about].filter(Boolean).join(', ');
  test.for(casesOf(mutations).map((one) => [title(one), one] as const))('%s', async ([, [field, mutation]]) => {
    const { right, input, always, needsFiles = false } = mutation;
    const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input!`;
    const query = `mutation ($input: ${type}) { result: ${field}(input: $input) { __typename } }`;
    const judge = (outcome: string) => (always !== undefined && outcome === always ? 'done' : outcome);
    const prepare = async () => ({ query, input: await input(world) });
    expect(await differences('mutation', right, prepare, judge, needsFiles)).toEqual([]);
  });
});

describe('other transports', () => {
  test.for(Object.entries(otherTransports))('%s', async ([name, { right, prepare, isVague }]) => {
    const wrong: string[] = [];
    const object = reusable(() => prepare(world));
    for (const row of rights) {
      const run = await object.take();
      const outcome = await run(keyOf(row));
      const isTus = name.startsWith('tus') && row.actor === 'upload token';
      const allowed = isTus ? byToken(name) : isGuest(row) ? ['UNAUTHENTICATED'] : expected(row, right);
      const isSame = allowed.includes(outcome);
      const isRefused = (one: string) => one === 'FORBIDDEN' || one === 'NOT_FOUND';
      if (!isSame && !(isVague && isRefused(outcome) && allowed.some(isRefused)))
        wrong.push(`${nameOf(row)}: ${outcome}, not ${allowed}`);
      if (outcome !== 'done' && (await object.isChanged())) wrong.push(`${nameOf(row)}: an effect although ${outcome}`);
      if (outcome === 'done') object.drop();
    }
    expect(wrong).toEqual([]);
  });
});

/** An upload token creates uploads at its own place alone, and continues its own alone. */
const byToken = (name: string): string[] =>
  name === 'tus POST of nothing attached' ? ['done'] : name.startsWith('tus POST') ? ['FORBIDDEN'] : ['NOT_FOUND'];
