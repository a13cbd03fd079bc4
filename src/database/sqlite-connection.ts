import SqliteDatabase, { type Database, type Statement } from 'better-sqlite3';

/** Statements that are kept prepared: preparing one costs more than running it. */
const PREPARED = 500;

/** Opens a connection to the file at `path`. What is asked again and again is prepared once; what was not asked for long is forgotten. */
export function openConnection(path: string): Database {
  const database = new SqliteDatabase(path);
  const prepare = database.prepare.bind(database) as (sql: string) => Statement;
  const prepared = new Map<string, Statement>();
  const prepareOnce = (sql: string): Statement => {
    const statement = prepared.get(sql) ?? prepare(sql);
    if (!/^\s*(?:select|insert|update|delete|with|savepoint|release)\b/i.test(sql)) return statement;
    // The last used is the last in the map.
    prepared.delete(sql);
    prepared.set(sql, statement);
    const [oldest] = prepared.keys();
    if (prepared.size > PREPARED && oldest !== undefined) prepared.delete(oldest);
    return statement;
  };
  return Object.assign(database, { prepare: prepareOnce });
}
