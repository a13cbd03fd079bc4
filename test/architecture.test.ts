import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { RequestContext } from '../src/context.ts';
import type { EntityManager } from '../src/database/database.ts';
import type { GraphQLOptions } from '../src/http/graphql/options.ts';
import type { ServerOptions } from '../src/http/options.ts';
import type { LegacyOptions } from '../src/legacy/api.ts';
import type { GraphQLContext } from '../src/schema/context.ts';
import type { Storage } from '../src/storage/storage.ts';
import { type Import, importsOf } from './support/imports.ts';

const root = resolve(import.meta.dirname, '..');
const src = join(root, 'src');

const DOMAIN = ['uploads', 'attachments', 'files', 'sharing', 'workspace', 'events', 'auth', 'audit'];
const PERSISTENCE = ['storage', 'database'];
const DATABASE_LIBRARIES = ['@mikro-orm/*', 'better-sqlite3', 'kysely', 'pg'];
const CLIENT_LIBRARIES = ['attache-client/*', 'cli-progress', 'commander', 'mime-types', 'p-limit', 'ws'];

interface Module {
  /** The other modules that it may import. */
  uses: string[];
  /** The modules from which it may import only types. */
  knows?: string[];
  /** The libraries that it may use, `*` as any ending. Undefined: all but database libraries. */
  libraries?: string[];
}

/**
 * The architecture: main → cli → app → transports → domain → persistence, and main → client. A
 * module is a folder or a file of `src/`, or both: `errors.ts` exports what is in `errors/`.
 */
const modules: Record<string, Module> = {
  main: { uses: ['cli', 'client', 'config', 'errors', 'start-error'] },
  cli: { uses: ['client', 'commands'], libraries: ['commander'] },
  // The commands for users. They reach a server over the network alone.
  client: { uses: ['files', 'printable'], libraries: ['node:*', ...CLIENT_LIBRARIES] },
  commands: { uses: ['app', 'config', 'date-time', 'errors', 'maintenance', 'printable', ...DOMAIN] },
  'start-error': { uses: ['config'] },
  app: {
    uses: ['http', 'budget', 'log', 'metrics', 'tracing', ...DOMAIN, 'maintenance', ...PERSISTENCE, 'config', 'errors'],
    knows: ['context'],
  },

  // Transports decode a request, call one function of the domain, and encode its result.
  http: {
    uses: ['budget', ...DOMAIN, 'errors', 'http-status', 'recently-used'],
    knows: [...PERSISTENCE, 'config', 'context'],
  },
  schema: { uses: [...DOMAIN, 'date-time', 'errors'], knows: [...PERSISTENCE, 'config', 'context'] },
  legacy: { uses: [...DOMAIN, 'date-time', 'errors', 'http-status'], knows: [...PERSISTENCE, 'config', 'context'] },

  // The page knows the server by its API alone.
  web: { uses: [] },

  // The domain decides what happens to an attachment.
  uploads: {
    uses: ['attachments', 'files', 'workspace', 'events', 'auth', 'budget', 'database', 'errors', 'context'],
    knows: ['storage'],
  },
  attachments: {
    uses: [
      ...['uploads', 'files', 'workspace', 'maintenance', 'events', 'auth', 'audit', 'database', 'errors', 'context'],
      'time-ordered-uuid',
    ],
    knows: ['storage'],
  },
  sharing: { uses: ['files', 'workspace', 'events', 'auth', 'database', 'errors', 'context'] },
  files: { uses: ['workspace', 'events', 'auth', 'budget', 'database', 'errors', 'context'], knows: ['storage'] },
  maintenance: {
    uses: ['uploads', 'attachments', 'files', 'sharing', 'events', 'auth', 'audit', 'database', 'errors', 'context'],
    knows: ['storage'],
  },
  workspace: { uses: ['events', 'auth', 'audit', 'database', 'errors', 'context'], knows: ['storage'] },
  events: { uses: ['audit', 'budget', 'database', 'errors', 'context'], knows: ['auth'] },
  auth: { uses: ['events', 'audit', 'database', 'errors', 'context'] },
  // The audit log is written by transactions, and read by administrators.
  audit: { uses: ['auth', 'database', 'errors', 'context'] },

  // The limits of memory, database time and disk for one request and for all requests together.
  budget: { uses: ['errors'], knows: ['storage', 'context'], libraries: ['node:*'] },

  // Persistence stores bytes and rows, and imports nothing of the domain.
  storage: { uses: ['errors', 'time-ordered-uuid'], knows: ['database'], libraries: ['node:*', '@aws-sdk/*'] },
  database: { uses: ['errors', 'recently-used'], libraries: ['node:*', ...DATABASE_LIBRARIES] },

  // Counts what the others report to it.
  metrics: { uses: [], knows: ['http', 'database', 'storage', 'maintenance', 'context'], libraries: ['prom-client'] },

  tracing: { uses: [], knows: ['http', 'database', 'context'], libraries: ['node:*', '@opentelemetry/*'] },

  // Modules that all others may import have few imports of their own.
  config: { uses: ['storage'], knows: ['database'] },
  context: { uses: [], knows: ['audit', 'auth', 'config', 'events', ...PERSISTENCE], libraries: [] },
  errors: { uses: [], libraries: [] },
  log: { uses: [], knows: ['config'], libraries: ['pino'] },
  'http-status': { uses: [], knows: ['errors'], libraries: [] },
  'date-time': { uses: [], libraries: [] },
  printable: { uses: [], libraries: [] },
  'recently-used': { uses: [], libraries: [] },
  'time-ordered-uuid': { uses: [], libraries: ['node:*'] },
};

/** The members of a type that are or return an entity manager or a storage. */
type PersistenceIn<T> = {
  [Key in keyof T]-?: T[Key] extends EntityManager | Storage
    ? Key
    : T[Key] extends (...args: never[]) => infer Result
      ? Result extends EntityManager | Storage
        ? Key
        : never
      : never;
}[keyof T];

/** The files that may import the named transport into another one. */
const composers: Record<string, string> = {
  'http/graphql/graphql-server.ts': 'schema',
  'http/graphql/options.ts': 'schema',
  'http/legacy-apis.ts': 'legacy',
};

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
// The version in `package.json` is for everyone.
const imports = files.flatMap((file) => importsOf(src, file)).filter(({ target }) => !target.endsWith('/package.json'));

const moduleOf = (file: string) => file.split('/', 1)[0]?.replace(/\.tsx?$/, '') ?? '';
const isLocal = ({ target }: Import) => target.startsWith('.');
const targetOf = ({ from, target }: Import) => relative(src, resolve(src, from, '..', target));
const isOneOf = (patterns: readonly string[], name: string) =>
  patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
const describeImport = ({ from, line, target }: Import) => `src/${from}:${line} imports ${target}`;

test('every file belongs to a module', () => {
  expect([...new Set(files.map(moduleOf))].filter((module) => !(module in modules))).toEqual([]);
});

describe.each(Object.entries(modules))('%s', (module, { uses, knows = [], libraries }) => {
  const own = imports.filter(({ from }) => moduleOf(from) === module);
  const abroad = own.filter((line) => isLocal(line) && moduleOf(targetOf(line)) !== module);

  test(`imports only ${uses.join(', ') || 'nothing'}${knows.length > 0 ? `, and types of ${knows.join(', ')}` : ''}`, () => {
    const allowed = (line: Import) => {
      const other = moduleOf(targetOf(line));
      return uses.includes(other) || composers[line.from] === other || (line.isType && knows.includes(other));
    };
    expect(abroad.filter((line) => !allowed(line)).map(describeImport)).toEqual([]);
  });

  if (!libraries) return;
  test(`imports only these libraries: ${libraries.join(', ') || 'none'}`, () => {
    const foreign = own.filter((line) => !isLocal(line) && !isOneOf(libraries, line.target));
    expect(foreign.map(describeImport)).toEqual([]);
  });
});

test('the client loads nothing of the server but the rules for names and for what is printed, and errors', () => {
  const targets = imports.filter((line) => moduleOf(line.from) === 'client' && isLocal(line)).map(targetOf);
  const reached = new Set(targets.filter((file) => moduleOf(file) !== 'client'));
  for (const file of reached)
    for (const line of imports) if (line.from === file && isLocal(line)) reached.add(targetOf(line));
  const beside = [...reached].filter((file) => moduleOf(file) !== 'errors');
  expect(beside.sort()).toEqual(['files/extractable-name.ts', 'files/file-name.ts', 'printable.ts']);
});

test('only the module database imports database libraries', () => {
  const reaching = imports.filter(
    (line) => moduleOf(line.from) !== 'database' && !line.isType && isOneOf(DATABASE_LIBRARIES, line.target),
  );
  expect(reaching.map(describeImport)).toEqual([]);
});

test('only main, commands and config read the environment', () => {
  // The configuration of Vite is read on the machine of a developer, and not by the page.
  const ours = files.filter((file) => file !== 'web/vite.config.ts');
  const readers = ours.filter((file) =>
    /process\.env\b|import\.meta\.env\b|['"](node:)?process['"]/.test(readFileSync(join(src, file), 'utf8')),
  );
  expect(readers.filter((file) => !['main', 'commands', 'config'].includes(moduleOf(file)))).toEqual([]);
});

test('src imports nothing from the tests and the scripts', () => {
  const violations = imports.filter((line) =>
    isLocal(line) ? targetOf(line).startsWith('..') : /^(node:test|vitest)\b/.test(line.target),
  );
  expect(violations.map(describeImport)).toEqual([]);
});

test('scripts and examples import no test code, and test/support imports no test', () => {
  const allowed: Record<string, string[]> = {
    scripts: ['scripts', 'src', 'codegen.ts', 'examples/codegen.ts'],
    'test/support': ['test/support', 'test/generated', 'scripts', 'src'],
    examples: ['examples'],
  };
  for (const [folder, others] of Object.entries(allowed)) {
    const strays = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => importsOf(root, join(folder, file)))
      .filter(isLocal)
      .filter(({ from, target }) => {
        const path = join(from, '..', target);
        return !others.some((other) => path === other || path.startsWith(`${other}/`));
      });
    expect(strays.map(({ from, line, target }) => `${from}:${line} imports ${target}`)).toEqual([]);
  }
});

test('attache-client imports only itself and its optional peers', () => {
  const folder = join(root, 'packages/attache-client');
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const peers = Object.keys(manifest.peerDependenciesMeta);
  expect(Object.keys(manifest.peerDependencies)).toEqual(peers);
  expect(manifest).not.toHaveProperty('dependencies');
  const strays = readdirSync(join(folder, 'src'), { encoding: 'utf8' })
    .flatMap((file) => importsOf(join(folder, 'src'), file))
    .filter(({ target }) => !target.startsWith('./') && !peers.includes(target));
  expect(strays.map(({ from, line, target }) => `${from}:${line} imports ${target}`)).toEqual([]);
});

test('a migration imports no current entity, because it runs on the tables of its own version', () => {
  const migrations = imports.filter(({ from }) => from.startsWith('database/migrations/'));
  const outside = migrations.filter((line) => isLocal(line) && !targetOf(line).startsWith('database/migrations/'));
  expect(migrations.length).toBeGreaterThan(0);
  expect(outside.map(describeImport)).toEqual([]);
});

test('the contexts and options of transports expose no entity manager and no storage', () => {
  // The compiler checks these types in `npm run check`.
  expectTypeOf<PersistenceIn<RequestContext>>().toBeNever();
  expectTypeOf<PersistenceIn<GraphQLContext>>().toBeNever();
  expectTypeOf<PersistenceIn<ServerOptions>>().toBeNever();
  expectTypeOf<PersistenceIn<ReturnType<ServerOptions['contextFor']>>>().toBeNever();
  expectTypeOf<PersistenceIn<GraphQLOptions>>().toBeNever();
  expectTypeOf<PersistenceIn<LegacyOptions>>().toBeNever();
});

test('src has no import cycles, type imports included', () => {
  const targets = new Map(files.map((file) => [file, imports.filter((line) => line.from === file && isLocal(line))]));
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file]);
    if (path.includes(file) || done.has(file)) return;
    for (const line of targets.get(file) ?? []) visit(targetOf(line), [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});
