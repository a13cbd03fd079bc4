import type { DatabaseConnection } from 'kysely';

const isTranslated = Symbol('isTranslated');

/**
 * Makes the statements of a connection fail with our errors. The connection itself is changed,
 * once: the drivers of Kysely give out the same connections again and again, and release them by
 * what only their own class holds, so that a wrapper could not be given back.
 */
export function translateErrors(
  connection: DatabaseConnection & { [isTranslated]?: true },
  translate: (error: unknown) => Error,
): DatabaseConnection {
  if (connection[isTranslated]) return connection;
  const execute = connection.executeQuery.bind(connection) as (...query: unknown[]) => Promise<never>;
  const executeQuery = async (...query: unknown[]) => {
    try {
      return await execute(...query);
    } catch (error) {
      throw translate(error);
    }
  };
  return Object.assign(connection, { executeQuery, [isTranslated]: true as const });
}
