import type { EntityManager } from './database.ts';

/** Whether statements of this unit of work run on PostgreSQL; otherwise, on SQLite. */
export const isPostgres = (em: EntityManager): boolean => em.getPlatform().getDefaultSchemaName() !== undefined;
