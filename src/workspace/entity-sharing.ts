import type { AuditEntry } from '../audit/audit-entry.ts';
import type { Context } from '../context.ts';
import { Attachment, type EntityRef, type EntityType, type ShareType } from '../database/entities/index.ts';
import { topicOf } from '../events/topic.ts';
import { type EntityOf, entityDescriptors, refOf } from './attachables/index.ts';
import type { AccessEntry } from './entity-access.ts';

/** Who may see an entity; omitted fields keep their values. Only for those who manage it. */
export interface Sharing {
  isPrivate?: boolean | undefined;
  accessList?: readonly AccessEntry[] | undefined;
}

/** A change of an entity, of which some fields may decide who sees it. */
export type SharingChange = Sharing & { shareType?: ShareType | undefined };

/** Whether the change may alter who sees the entity. */
export const isSharing = ({ isPrivate, accessList, shareType }: SharingChange): boolean =>
  isPrivate !== undefined || accessList !== undefined || shareType !== undefined;

/** Entries of an access list that an entry of the audit log names. */
const AUDITED_ENTRIES = 20;

/** The audit entry of such a change. */
export function sharingEntry(
  row: EntityOf<EntityType>,
  { isPrivate, accessList, shareType }: SharingChange,
): AuditEntry {
  const listed = accessList && {
    accessList: accessList
      .slice(0, AUDITED_ENTRIES)
      .map(({ userId, access }) => `User:${userId} ${access}`)
      .join(', '),
    accessListLength: accessList.length,
  };
  return {
    action: 'ENTITY_ACCESS_CHANGED',
    target: topicOf(refOf(row)),
    details: {
      ...(isPrivate === undefined ? {} : { isPrivate }),
      ...(shareType === undefined ? {} : { shareType }),
      ...listed,
    },
  };
}

/** Whether every user sees the entity. */
export const isPublic = ({ type }: EntityRef, row: EntityOf<EntityType>): boolean =>
  entityDescriptors[type].isPublic?.(row) ?? false;

/** Attachments store whether every user sees their place, for the lists of what a user sees. */
export async function setAttachmentsPublic({ em }: Context, { type, id }: EntityRef, isPublic: boolean): Promise<void> {
  await em.nativeUpdate(Attachment, { onType: type, onId: id }, { isPublic });
}
