import { readFile } from 'node:fs/promises';
import { GraphQLError, parse, validate } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { z } from 'zod';
import { canAdminister, type Viewer } from '../../auth/permissions.ts';
import { ConfigError } from '../../config.ts';
import type { Log } from '../../context.ts';
import { ForbiddenError } from '../../errors.ts';
import { schema } from '../../schema/index.ts';
import { toHttpGraphQLError } from './http-error.ts';
import { documentIdIn } from './persisted-query.ts';

/** The query of each document that the operator trusts, by its id. */
export type TrustedDocuments = ReadonlyMap<string, string>;

/** As graphql-codegen and the Relay compiler write it, and as Apollo's manifest generator does. */
const manifest = z.union([
  z.object({ operations: z.array(z.object({ id: z.string(), body: z.string() })) }),
  z.record(z.string(), z.string()),
]);

/**
 * Reads the documents of a manifest. Throws `ConfigError` when it cannot be read. Documents that the
 * schema does not support are logged: their clients get the errors.
 */
export async function readTrustedDocuments(path: string, log: Log): Promise<TrustedDocuments> {
  const documents = new Map(await entriesOf(path));
  const invalid = [...documents].filter(([, query]) => !isValid(query)).map(([id]) => id);
  if (invalid.length > 0)
    log.warn({ path, count: invalid.length, ids: invalid.slice(0, 10) }, 'trusted documents do not fit the schema');
  return documents;
}

async function entriesOf(path: string): Promise<Iterable<readonly [string, string]>> {
  try {
    const found = manifest.parse(JSON.parse(await readFile(path, 'utf8')));
    return Array.isArray(found.operations)
      ? found.operations.map(({ id, body }) => [id, body] as const)
      : Object.entries(found as Record<string, string>);
  } catch (cause) {
    const expected = 'a JSON object of queries by id, or the manifest of Apollo Client';
    throw new ConfigError(`TRUSTED_DOCUMENTS ${path} cannot be read; it has to be ${expected}.`, { cause });
  }
}

function isValid(query: string): boolean {
  try {
    return validate(schema, parse(query)).length === 0;
  } catch {
    return false; // not GraphQL
  }
}

/**
 * The parameters of a request, with the query that its id stands for. A query in full is accepted if
 * it is that of a trusted document, and from administrators. Throws `ForbiddenError`.
 * https://graphql.github.io/graphql-over-http/draft/#sec-Appendix-A-Persisted-Documents
 */
export type ResolveDocument = <Params extends object>(params: Params, viewer: Viewer) => Params;

export function documentResolver(documents: TrustedDocuments): ResolveDocument {
  const queries = new Set(documents.values());
  return (params, viewer) => {
    const { query } = params as { query?: unknown };
    if (typeof query === 'string' && query !== '') {
      if (queries.has(query) || canAdminister(viewer)) return params;
      throw new ForbiddenError('This server runs only the documents that its operator trusts. Send the id of one.');
    }
    const id = documentIdIn(params);
    const trusted = id === undefined ? undefined : (documents.get(id) ?? documents.get(id.replace(/^sha256:/, '')));
    if (trusted !== undefined) return { ...params, query: trusted };
    if (id === undefined) return params; // The error is the same as without trusted documents.
    throw new ForbiddenError(
      'The operator of this server does not trust a document with this id. Update the manifest.',
    );
  };
}

/** Replaces ids by the queries of trusted documents, over HTTP. */
export function trustDocuments(resolve: ResolveDocument): Plugin {
  return {
    onParams({ params, setParams, context }) {
      try {
        setParams(resolve(params, (context as unknown as { viewer: Viewer }).viewer) as GraphQLParams);
      } catch (error) {
        throw error instanceof GraphQLError ? error : toHttpGraphQLError(error);
      }
    },
  };
}
