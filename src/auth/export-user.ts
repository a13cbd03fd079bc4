import type { EntityClass } from '@mikro-orm/core';
import { readAuditOf } from '../audit/list-audit.ts';
import type { EntityManager } from '../database/database.ts';
import * as entities from '../database/entities/index.ts';
import { type Row, reader } from '../database/rows.ts';
import { scanNow } from '../database/scans.ts';
import { userOf } from './operator.ts';

/** One object of an export: its type and its fields. */
export type ExportedObject = { type: string } & Record<string, unknown>;

/** Rows that are read together. */
const PAGE = 500;

/** Returns the objects of one type about a user, in the order of a key. */
type Exporter = (em: EntityManager, userId: number) => AsyncGenerator<ExportedObject>;

/** The columns with the user, and with the key of a row among those of the user. */
const added = { user: 'created_by_id', key: 'id' };
const own = { user: 'user_id', key: 'id' };

const exporters: readonly Exporter[] = [
  objectsOf(entities.UserIdentity, own, ({ id, issuer, subject, createdAt }) => [id, { issuer, subject, createdAt }]),
  objectsOf(entities.ApiKey, own, ({ id, name, scope, createdAt, expiresAt, revokedAt, lastUsedAt }) => [
    id,
    { id: `ApiKey:${id}`, name, scope, createdAt, expiresAt, revokedAt, lastUsedAt },
  ]),
  objectsOf(entities.UploadToken, added, ({ id, onType, onId, usedFiles, usedBytes, ...token }) => [
    id,
    { id: `UploadToken:${id}`, on: `${onType}:${onId}`, usedFiles, usedBytes, ...timesOf(token) },
  ]),
  objectsOf(entities.ShareLink, added, ({ id, name, onType, onId, usedDownloads, ...link }) => [
    id,
    { id: `ShareLink:${id}`, name, on: onType && `${onType}:${onId}`, usedDownloads, ...timesOf(link) },
  ]),
  objectsOf(entities.ProjectMember, { user: 'user_id', key: 'project_id' }, ({ project, role }) => [
    project.id,
    { projectId: `Project:${project.id}`, role },
  ]),
  objectsOf(entities.EntityAccess, own, ({ id, entityType, entityId, access }) => [
    id,
    { entityId: `${entityType}:${entityId}`, access },
  ]),
  objectsOf(entities.TaskResponsible, { user: 'user_id', key: 'task_id' }, ({ task }) => [
    task.id,
    { taskId: `Task:${task.id}` },
  ]),
  objectsOf(entities.Project, added, ({ id, title, description, createdAt }) => [
    id,
    { id: `Project:${id}`, title, description, createdAt },
  ]),
  objectsOf(entities.Task, added, ({ id, project, title, description, createdAt }) => [
    id,
    { id: `Task:${id}`, projectId: `Project:${project.id}`, title, description, createdAt },
  ]),
  objectsOf(entities.Comment, added, ({ id, task, body, createdAt }) => [
    id,
    { id: `Comment:${id}`, taskId: `Task:${task.id}`, body, createdAt },
  ]),
  objectsOf(entities.Contact, added, ({ id, displayName, createdAt }) => [
    id,
    { id: `Contact:${id}`, displayName, createdAt },
  ]),
  objectsOf(entities.Opportunity, added, ({ id, title, createdAt }) => [
    id,
    { id: `Opportunity:${id}`, title, createdAt },
  ]),
  objectsOf(entities.Case, added, ({ id, title, createdAt }) => [id, { id: `Case:${id}`, title, createdAt }]),
  objectsOf(entities.HistoryEvent, added, ({ id, content, entityType, entityId, createdAt }) => [
    id,
    { id: `HistoryEvent:${id}`, entityId: `${entityType}:${entityId}`, content, createdAt },
  ]),
  objectsOf(entities.File, added, ({ id, name, size, contentType, sha256, version, status, available, ...file }) => [
    id,
    {
      ...{ id: `File:${id}`, name, size, contentType, sha256, version, status, available },
      ...{ createdAt: file.createdAt, updatedAt: file.updatedAt },
    },
  ]),
  objectsOf(entities.Attachment, { user: 'attached_by_id', key: 'id' }, ({ id, file, onType, onId, attachedAt }) => [
    id,
    { fileId: `File:${file.id}`, on: `${onType}:${onId}`, attachedAt },
  ]),
  // The ids of uploads are random texts.
  objectsOf(entities.ResumableUpload, own, ({ id, name, length, received, contentType, isFinished, ...upload }) => [
    id,
    { id, name, length, received, contentType, isFinished, startedAt: new Date(upload.startedAt) },
  ]),
  auditEntriesOf,
];

const timesOf = ({
  createdAt,
  expiresAt,
  revokedAt,
}: Pick<Row<entities.UploadToken>, 'createdAt' | 'expiresAt' | 'revokedAt'>) => ({
  createdAt,
  expiresAt,
  revokedAt,
});

/**
 * Everything that is stored about a user, and the texts and the metadata of files that the user
 * added, object by object: memory is constant. Neither keys and tokens nor their hashes are in it.
 * Throws `NotFoundError`.
 */
export async function* exportUser(em: EntityManager, id: number): AsyncGenerator<ExportedObject> {
  const { displayName, title, email, avatarUrl, profileUrl, isAdmin, isService, ...user } = await userOf(em, id);
  const { createdAt, disabledAt, removedAt } = user;
  const profile = { displayName, title, email, avatarUrl, profileUrl, isAdmin, isService };
  yield { type: 'User', id: `User:${id}`, ...profile, createdAt, disabledAt, removedAt };
  for (const objects of exporters) yield* objects(em, id);
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

/**
 * Reads the rows of a user in a table, a page at a time. `describe` returns the key of a row, and
 * what the export says of it.
 */
function objectsOf<Entity>(
  entity: EntityClass<Entity>,
  columns: { user: string; key: string },
  describe: (row: Row<Entity>) => [key: number | string, object],
): Exporter {
  return async function* (em, userId) {
    const { columns: selected, rowIn } = reader(em, entity, 't');
    const { tableName, className } = em.getMetadata(entity as EntityClass<object>);
    const sql = (condition: string) =>
      `select ${selected} from ${tableName} t where t.${columns.user} = ? ${condition} order by t.${columns.key} limit ${PAGE}`;
    for (let after: (number | string)[] = []; ; ) {
      const rows = await scanNow(em, sql(after.length > 0 ? `and t.${columns.key} > ?` : ''), [userId, ...after]);
      for (const row of rows) {
        const [key, fields] = describe(rowIn(row));
        yield { type: className, ...fields };
        after = [key];
      }
      if (rows.length < PAGE) return;
    }
  };
}
