import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigError } from '../config.ts';

/** The query of each document that the operator trusts, by its id. */
export type TrustedDocuments = ReadonlyMap<string, string>;

/** As graphql-codegen and the Relay compiler write it, and as Apollo's manifest generator does. */
const manifest = z.union([
  z.object({ operations: z.array(z.object({ id: z.string(), body: z.string() })) }),
  z.record(z.string(), z.string()),
]);

/** Reads the documents of a manifest. Throws `ConfigError` when it cannot be read. */
export async function readTrustedDocuments(path: string): Promise<TrustedDocuments> {
  try {
    const found = manifest.parse(JSON.parse(await readFile(path, 'utf8')));
    return Array.isArray(found.operations)
      ? new Map(found.operations.map(({ id, body }) => [id, body]))
      : new Map(Object.entries(found as Record<string, string>));
  } catch (cause) {
    const expected = 'a JSON object of queries by id, or the manifest of Apollo Client';
    throw new ConfigError(`TRUSTED_DOCUMENTS ${path} cannot be read; it has to be ${expected}.`, { cause });
  }
}
