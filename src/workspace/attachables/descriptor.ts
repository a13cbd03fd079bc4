import type { EntityClass } from '@mikro-orm/core';
import type { PlaceConditions, SqlCondition } from '../../auth/access-sql.ts';
import type { Viewer } from '../../auth/permissions.ts';
import type { EntityManager } from '../../database/database.ts';
import type { AccessLevel, AttachableType, ProjectRole } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';

/** The facts, besides the row itself, that decide the rights of a viewer. */
export interface AccessFacts {
  /** The viewer's own role in the project around the attachable. */
  role: ProjectRole | undefined;
  /** The viewer's entry on the access list of an entity. */
  access: AccessLevel | undefined;
}

/** What a viewer may do with an attachable that the viewer sees. */
export interface VisibleRights {
  /** Whether the viewer also sees files there that are not yet available. */
  isEditor: boolean;
  /** Whether the viewer may change it, attach files to it and detach them. */
  canEdit: boolean;
  /** Whether the viewer may decide who else sees it. */
  canManage: boolean;
}

export interface Rights extends VisibleRights {
  canSee: boolean;
}

/** The definition of one attachable type. */
export interface AttachableDescriptor<Entity extends { id: number }, Property extends string = KeyOf<Entity>> {
  readonly entity: EntityClass<Entity>;
  /** Its table, as SQL names it. */
  readonly table: string;
  /**
   * The type of the attachable around it, and the property that refers to that one. It is deleted
   * together with it.
   */
  readonly parent?: { readonly type: AttachableType; readonly property: Property };
  /** By the rules of auth/permissions.ts. */
  rights(viewer: Viewer, row: Row<Entity>, facts: AccessFacts): Rights;
  /**
   * `rights` in SQL. Types with the same rules share one object, so that a statement contains them
   * once.
   */
  readonly conditions: PlaceConditions;
  /** Whether every user sees it; nobody sees it by a rule of its own unless given. */
  isPublic?(row: Row<Entity>): boolean;
  /** Whether a viewer who may edit it may also delete it. */
  canDelete(viewer: Viewer, row: Row<Entity>, rights: VisibleRights): boolean;
  /**
   * The message for a viewer who may edit it but not delete it; unless given, that only an owner
   * may.
   */
  readonly deleteRefusal?: string;
  /** Deletes rows that belong to it and clears references to it, before it is deleted itself. */
  deleteDependents?(em: EntityManager, ids: readonly number[]): Promise<unknown>;
}

type KeyOf<Entity> = Extract<keyof Row<Entity>, string>;

/** An attachable with an access list and a history: a contact, an opportunity or a case. */
export interface EntityDescriptor<Entity extends { id: number }> extends AttachableDescriptor<Entity, string> {
  /** Selects the `id` of each that the user created, or is on the access list of. */
  grantedTo(userId: number): SqlCondition;
  /** That every user sees it, as a condition on a row `alias` of its table. */
  rowIsPublic(alias: string): string;
}
