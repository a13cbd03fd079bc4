import type { DatabaseConnection } from 'kysely';

const isTranslated = Symbol('isTranslated');

/** The connection, whose statements fail with our errors. Drivers give out one connection again and again. */
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
