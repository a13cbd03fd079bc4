import {
  type EntityTable,
  entitiesGrantedTo,
  entityIsPublic,
  onEntity,
  type SqlCondition,
} from '../../auth/access-sql.ts';
import {
  canEditEntity,
  canManageEntity,
  canSeeEntity,
  isEditorOfEntity,
  isPublicEntity,
  type Viewer,
} from '../../auth/permissions.ts';
import type { EntityManager } from '../../database/database.ts';
import { EntityAccess, type EntityType, HistoryEvent, type ShareType } from '../../database/entities/index.ts';
import type { AccessFacts, Rights, VisibleRights } from './descriptor.ts';

interface EntityRow {
  readonly createdBy: { readonly id: number };
  readonly isPrivate: boolean;
  /**
   * What everybody may do with it, unless it is private; everything, for types without this column.
   */
  readonly shareType?: ShareType;
}

interface EntityOptions {
  type: EntityType;
  table: string;
  /** Whether the table has the column `share_type`. */
  hasShareType?: boolean;
  /** Clears references to entities that are deleted, in rows that outlive them. */
  clearReferences?(em: EntityManager, ids: readonly number[]): Promise<unknown>;
}

/**
 * The rules that contacts, opportunities and cases share: creator, access list and share type
 * decide.
 */
export function entityRules({ type, table, hasShareType = false, clearReferences }: EntityOptions) {
  const sql: EntityTable = { type, table, shareType: (e) => (hasShareType ? `${e}.share_type` : "'READ_WRITE'") };
  return {
    table,
    conditions: onEntity(sql),
    grantedTo: (userId: number): SqlCondition => entitiesGrantedTo(sql, userId),
    rowIsPublic: (alias: string): string => entityIsPublic(sql, alias),
    isPublic: ({ isPrivate, shareType = 'READ_WRITE' }: EntityRow): boolean => isPublicEntity({ isPrivate, shareType }),
    rights(viewer: Viewer, row: EntityRow, { access }: AccessFacts): Rights {
      const { createdBy, isPrivate, shareType = 'READ_WRITE' } = row;
      const facts = { createdBy: createdBy.id, isPrivate, shareType, access };
      return {
        canSee: canSeeEntity(viewer, facts),
        isEditor: isEditorOfEntity(viewer, facts),
        canEdit: canEditEntity(viewer, facts),
        canManage: canManageEntity(viewer, facts),
      };
    },
    canDelete: (_viewer: Viewer, _row: EntityRow, { canManage }: VisibleRights): boolean => canManage,
    async deleteDependents(em: EntityManager, ids: readonly number[]): Promise<void> {
      const where = { entityType: type, entityId: { $in: [...ids] } };
      await em.nativeDelete(HistoryEvent, where);
      await em.nativeDelete(EntityAccess, where);
      await clearReferences?.(em, ids);
    },
  };
}
