/**
 * Lists and counts what members see who may see little of a workspace, in workspaces of several
 * sizes: the cost has to follow what they may see, and not what the store holds. Prints the
 * milliseconds of each list.
 *
 *   npm run bench -- visible [--database sqlite] [--sizes 1000,1000000]
 *
 * Fails if a list of the largest workspace takes more than 10 ms, and more than three times what it
 * takes in the smallest.
 */
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Context } from '../../src/context.ts';
import type { Database } from '../../src/database/database.ts';
import { openDatabase } from '../../src/database/open.ts';
import { listFiles } from '../../src/files/list-files.ts';
import { findVisibleFiles } from '../../src/files/load-files.ts';
import { listEntities } from '../../src/workspace/entity-list.ts';
import { listProjects } from '../../src/workspace/projects.ts';
import { listTasks } from '../../src/workspace/tasks.ts';
import { fillWorkspace, members } from '../bench/fill-workspace.ts';
import { median } from '../bench/results.ts';
import { startPostgres } from '../support/postgres.ts';
import { readingContext } from '../support/reading-context.ts';

const MAX_MS = 10;
const MAX_RATIO = 3;
const ROUNDS = 5;
const PAGE = 51;

const { values } = parseArgs({
  options: {
    database: { type: 'string', default: 'sqlite' },
    sizes: { type: 'string', default: '1000,1000000' },
  },
});
const sizes = values.sizes.split(',').map(Number);

await using stack = new AsyncDisposableStack();

async function openWorkspace(): Promise<Database> {
  if (values.database === 'postgres') {
    const made = stack.use(await (await server()).createDatabase());
    return stack.use(await openDatabase(made));
  }
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'attache-visible-')));
  return stack.use(await openDatabase({ kind: 'sqlite', file: join(folder.path, 'attache.db') }));
}

let started: ReturnType<typeof startPostgres> | undefined;
const server = () => (started ??= startPostgres().then((postgres) => stack.use(postgres)));

const listsOf = (ctx: Context): Record<string, () => Promise<unknown>> => {
  const files = (['createdAt', 'nameKey', 'size'] as const).flatMap((by) =>
    [false, true].map((inverted) => {
      const list = listFiles(ctx, {}, { by, direction: 'ASC' });
      return [`files by ${by}, ${inverted ? 'last' : 'first'}`, () => list.page({ limit: PAGE, inverted })] as const;
    }),
  );
  const others = { tasks: listTasks(ctx), projects: listProjects(ctx), entities: listEntities(ctx) };
  return {
    ...Object.fromEntries(files),
    'count of files': listFiles(ctx, {}, { by: 'createdAt', direction: 'ASC' }).count,
    ...Object.fromEntries(
      Object.entries(others).flatMap(([name, list]) => [
        [`${name}, first`, () => list.page({ limit: PAGE })],
        [`${name}, last`, () => list.page({ limit: PAGE, inverted: true })],
        [`count of ${name}`, list.count],
      ]),
    ),
    'nodes of 50 files': () =>
      findVisibleFiles(
        ctx,
        Array.from({ length: 50 }, (_, index) => index * 10 + 1),
      ),
  };
};

async function timeOf(database: Database, userId: number): Promise<Map<string, number>> {
  const times = new Map<string, number[]>();
  for (let round = 0; round <= ROUNDS; round += 1) {
    const ctx = readingContext(database, { userId, isAdmin: false, scope: 'WRITE' });
    for (const [name, run] of Object.entries(listsOf(ctx))) {
      const since = performance.now();
      await run();
      // The first round prepares the statements.
      if (round > 0) times.set(name, [...(times.get(name) ?? []), performance.now() - since]);
    }
  }
  return new Map([...times].map(([name, each]) => [name, median(each)]));
}

const found = new Map<string, number[]>();
for (const size of sizes) {
  const database = await openWorkspace();
  await database.migrate();
  await fillWorkspace(database, size);
  for (const analyzed of [false, true]) {
    if (analyzed) await database.em().execute('analyze');
    for (const [title, { id }] of Object.entries(members)) {
      for (const [name, ms] of await timeOf(database, id)) {
        const key = `${title}, ${analyzed ? 'analyzed' : 'not analyzed'}: ${name}`;
        found.set(key, [...(found.get(key) ?? []), ms]);
      }
    }
  }
}

console.log(`Milliseconds on ${values.database}, medians of ${ROUNDS}, in workspaces of ${sizes.join(', ')} files`);
for (const [name, each] of found) {
  const [first = 0, last = 0] = [each[0], each.at(-1)];
  const isSlow = last > MAX_MS && last > MAX_RATIO * first;
  console.log(
    `${isSlow ? 'SLOW ' : '     '}${name.padEnd(75)} ${each.map((ms) => ms.toFixed(2).padStart(9)).join('')}`,
  );
  if (isSlow) process.exitCode = 1;
}
