import type { Viewer } from '../../src/auth/permissions.ts';
import type { Context } from '../../src/context.ts';
import type { Database } from '../../src/database/database.ts';

const immediately = <T>(run: () => Promise<T>): Promise<T> => run();

/** What lists and rules of reading need of a context, without a schedule of queries. */
export const readingContext = (database: Database, viewer: Viewer): Context =>
  ({
    em: database.em(),
    viewer,
    budget: { query: immediately, scan: immediately, lookUp: immediately },
  }) as Partial<Context> as Context;
