import type { EntityClass } from '@mikro-orm/core';
import { readAuditOf } from '../audit/list-audit.ts';
import type { EntityManager } from '../database/database.ts';
import { ApiKey, Comment, EntityAccess, File, HistoryEvent, ProjectMember } from '../database/entities/index.ts';
import { type Row, reader } from '../database/rows.ts';
import { scanNow } from '../database/scans.ts';
import { userOf } from './operator.ts';

/** One object of an export: its type and its fields. */
export type ExportedObject = { type: string } & Record<string, unknown>;

/** Rows that are read together. */
const PAGE = 500;

/**
 * Everything that is stored about a user, and the texts and the metadata of files that the user
 * added, object by object: memory is constant. Neither keys nor their hashes are in it. Throws
 * `NotFoundError`.
 */
export async function* exportUser(em: EntityManager, id: number): AsyncGenerator<ExportedObject> {
  const { displayName, title, email, avatarUrl, profileUrl, isAdmin, isService, ...user } = await userOf(em, id);
  const { createdAt, disabledAt, removedAt } = user;
  const profile = { displayName, title, email, avatarUrl, profileUrl, isAdmin, isService };
  yield { type: 'User', id: `User:${id}`, ...profile, createdAt, disabledAt, removedAt };
  for await (const key of rowsOf(em, ApiKey, { user: 'user_id', key: 'id' }, id, (row) => row.id)) {
    const { name, scope, createdAt, expiresAt, revokedAt, lastUsedAt } = key;
    yield { type: 'ApiKey', id: `ApiKey:${key.id}`, name, scope, createdAt, expiresAt, revokedAt, lastUsedAt };
  }
  const memberKey = { user: 'user_id', key: 'project_id' };
  for await (const { project, role } of rowsOf(em, ProjectMember, memberKey, id, (row) => row.project.id))
    yield { type: 'ProjectMember', projectId: `Project:${project.id}`, role };
  for await (const entry of rowsOf(em, EntityAccess, { user: 'user_id', key: 'id' }, id, (row) => row.id))
    yield { type: 'EntityAccess', entityId: `${entry.entityType}:${entry.entityId}`, access: entry.access };
  const own = { user: 'created_by_id', key: 'id' };
  for await (const { id: commentId, task, body, createdAt } of rowsOf(em, Comment, own, id, (row) => row.id))
    yield { type: 'Comment', id: `Comment:${commentId}`, taskId: `Task:${task.id}`, body, createdAt };
  for await (const event of rowsOf(em, HistoryEvent, own, id, (row) => row.id)) {
    const { content, entityType, entityId, createdAt } = event;
    yield {
      type: 'HistoryEvent',
      id: `HistoryEvent:${event.id}`,
      entityId: `${entityType}:${entityId}`,
      ...{ content, createdAt },
    };
  }
  for await (const file of rowsOf(em, File, own, id, (row) => row.id)) {
    const { name, size, contentType, sha256, version, status, available, createdAt, updatedAt } = file;
    const metadata = { name, size, contentType, sha256, version, status, available, createdAt, updatedAt };
    yield { type: 'File', id: `File:${file.id}`, ...metadata };
  }
  yield* auditEntriesOf(em, id);
}

async function* auditEntriesOf(em: EntityManager, id: number): AsyncGenerator<ExportedObject> {
  for (let after = 0; ; ) {
    const entries = await readAuditOf(em, id, { after, limit: PAGE });
    for (const { id: entryId, actorId, keyId, ...entry } of entries)
      yield {
        type: 'AuditLogEntry',
        id: `AuditLogEntry:${entryId}`,
        actorId: actorId === null ? null : `User:${actorId}`,
        apiKeyId: keyId === null ? null : `ApiKey:${keyId}`,
        ...entry,
      };
    const last = entries.at(-1);
    if (!last || entries.length < PAGE) return;
    after = last.id;
  }
}

/** The rows of a user in a table, in the order of a key, a page at a time. */
async function* rowsOf<Entity>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  columns: { user: string; key: string },
  userId: number,
  keyOf: (row: Row<Entity>) => number,
): AsyncGenerator<Row<Entity>> {
  const { columns: selected, rowIn } = reader(em, entity, 't');
  const { tableName } = em.getMetadata(entity as EntityClass<object>);
  const sql = `select ${selected} from ${tableName} t
    where t.${columns.user} = ? and t.${columns.key} > ? order by t.${columns.key} limit ${PAGE}`;
  for (let after = 0; ; ) {
    const rows = (await scanNow(em, sql, [userId, after])).map(rowIn);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = keyOf(last);
  }
}
