import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Import, importsOf } from './support/imports.ts';

const src = resolve(import.meta.dirname, '../src');

const RULES = ['attachments', 'events', 'auth', 'workspace'];
const SHELVES = ['storage', 'database'];
const DATABASE_LIBRARIES = ['@mikro-orm/*', 'better-sqlite3', 'kysely', 'pg'];

interface Room {
  /** The other rooms whose code it may run. */
  uses: string[];
  /** The rooms that it may know by their types alone. */
  knows?: string[];
  /** The only libraries that it may use; any that is nobody's own, if not said. `*` stands for any ending. */
  libraries?: string[];
}

/** The house: main → cli → app → doors → rules → shelves. A room is a folder of `src/`, or a file that lies in it. */
const house: Record<string, Room> = {
  main: { uses: ['cli', 'config', 'errors', 'start-error'] },
  cli: { uses: ['app', 'config', 'date-time', 'errors', ...RULES] },
  'start-error': { uses: ['config'] },
  app: { uses: ['http', 'limits', 'log', ...RULES, ...SHELVES, 'config', 'errors'], knows: ['context'] },

  // Doors decode, call one rule, encode. They open no shelf.
  http: { uses: ['limits', ...RULES, 'errors'], knows: [...SHELVES, 'config', 'context'] },
  schema: { uses: [...RULES, 'date-time', 'errors'], knows: [...SHELVES, 'config', 'context'] },
  legacy: { uses: [...RULES, 'date-time', 'errors'], knows: [...SHELVES, 'config', 'context'] },

  // Rules decide what happens to an attachment.
  attachments: { uses: ['workspace', 'events', 'auth', 'database', 'errors'], knows: ['storage', 'context'] },
  workspace: { uses: ['events', 'auth', 'database', 'errors'], knows: ['storage', 'context'] },
  events: { uses: ['database', 'errors'], knows: ['auth', 'context'] },
  auth: { uses: ['events', 'database', 'errors'], knows: ['context'] },

  // What one request, and all together, may use of memory and of the database.
  limits: { uses: ['errors'], knows: ['context'], libraries: ['node:*'] },

  // Shelves keep bytes and rows, and know of nothing else.
  storage: { uses: ['errors'], libraries: ['node:*', '@aws-sdk/*'] },
  database: { uses: ['errors'], libraries: ['node:*', ...DATABASE_LIBRARIES] },

  // What everybody may know knows next to nothing.
  config: { uses: [], knows: ['context'] },
  context: { uses: [], knows: ['auth', 'events', ...SHELVES], libraries: [] },
  errors: { uses: [], libraries: [] },
  log: { uses: [], knows: ['config'], libraries: ['pino'] },
  'date-time': { uses: [], libraries: [] },
};

/** Two doors are composed of others. Nobody else opens a door. */
const composers: Record<string, string> = { 'http/graphql.ts': 'schema', 'http/server.ts': 'legacy' };

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
const imports = files.flatMap((file) => importsOf(src, file));

const roomOf = (file: string) => file.split('/', 1)[0]?.replace(/\.tsx?$/, '') ?? '';
const isLocal = ({ target }: Import) => target.startsWith('.');
const inside = ({ from, target }: Import) => relative(src, resolve(src, from, '..', target));
const isOneOf = (patterns: readonly string[], name: string) =>
  patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
const told = ({ from, line, target }: Import) => `src/${from}:${line} imports ${target}`;

test('every file lies in a room of the house', () => {
  expect([...new Set(files.map(roomOf))].filter((room) => !(room in house))).toEqual([]);
});

describe.each(Object.entries(house))('%s', (room, { uses, knows = [], libraries }) => {
  const own = imports.filter(({ from }) => roomOf(from) === room);
  const abroad = own.filter((line) => isLocal(line) && roomOf(inside(line)) !== room);

  test(`uses ${uses.join(', ') || 'nothing'}${knows.length > 0 ? `, and knows ${knows.join(', ')} by type` : ''}`, () => {
    const allowed = (line: Import) => {
      const other = roomOf(inside(line));
      return uses.includes(other) || composers[line.from] === other || (line.isType && knows.includes(other));
    };
    expect(abroad.filter((line) => !allowed(line)).map(told)).toEqual([]);
  });

  if (!libraries) return;
  test(`takes no library but ${libraries.join(', ') || 'none'}`, () => {
    const foreign = own.filter((line) => !isLocal(line) && !isOneOf(libraries, line.target));
    expect(foreign.map(told)).toEqual([]);
  });
});

test('only the database knows how to reach a database', () => {
  const reaching = imports.filter(
    (line) => roomOf(line.from) !== 'database' && !line.isType && isOneOf(DATABASE_LIBRARIES, line.target),
  );
  expect(reaching.map(told)).toEqual([]);
});

test('the environment is read by main, cli and config, and by nobody below them', () => {
  const readers = files.filter((file) =>
    /process\.env\b|import\.meta\.env\b|['"](node:)?process['"]/.test(readFileSync(join(src, file), 'utf8')),
  );
  expect(readers.filter((file) => !['main', 'cli', 'config'].includes(roomOf(file)))).toEqual([]);
});

test('what users run imports nothing of the tests and the scripts', () => {
  const strays = imports.filter((line) =>
    isLocal(line) ? inside(line).startsWith('..') : /^(node:test|vitest)\b/.test(line.target),
  );
  expect(strays.map(told)).toEqual([]);
});

test('a migration imports no entity of today: it has to work on the tables of its own day', () => {
  const migrations = imports.filter(({ from }) => from.startsWith('database/migrations/'));
  const outside = migrations.filter((line) => isLocal(line) && !inside(line).startsWith('database/migrations/'));
  expect(migrations.length).toBeGreaterThan(0);
  expect(outside.map(told)).toEqual([]);
});
