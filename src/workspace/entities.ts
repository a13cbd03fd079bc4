import type { EntityClass, EntityData } from '@mikro-orm/core';
import { assertWriteScope } from '../auth/require-scope.ts';
import { type Context, contextOf, type RequestContext } from '../context.ts';
import { Contact, type EntityRef, type EntityType, entityTypes, type ShareType } from '../database/entities/index.ts';
import { searchKey } from '../database/search-key.ts';
import { forUpdate } from '../database/sql.ts';
import { inTransaction } from '../events/in-transaction.ts';
import { topicOf } from '../events/topic.ts';
import { type EntityOf, entityDescriptors, refOf } from './attachables/index.ts';
import { loadForUpdate, lockForEdit, lockForManage } from './authorize.ts';
import { checkInfos, type InfoEntry, replaceInfos } from './contact-infos.ts';
import { assertCurrency } from './currencies.ts';
import { checkAccess, replaceAccess } from './entity-access.ts';
import {
  isPublic,
  isSharing,
  type Sharing,
  type SharingChange,
  setAttachmentsPublic,
  sharingEntry,
} from './entity-sharing.ts';
import { authorship } from './listing.ts';
import { assertTexts } from './texts.ts';

/** The fields of a contact; in an update, omitted fields keep their values. */
export interface ContactFields extends Sharing {
  displayName?: string | undefined;
  isCompany?: boolean | undefined;
  /** Null for none; so are the next two. */
  smallPhotoUrl?: string | null | undefined;
  mediumPhotoUrl?: string | null | undefined;
  /** The code of ISO 4217, as in `EUR`. */
  currency?: string | null | undefined;
  /** Only for those who manage it. */
  shareType?: ShareType | undefined;
  /** Replaces all infos. */
  infos?: readonly InfoEntry[] | undefined;
}

/** The fields of an entity that has a title; in an update, omitted fields keep their values. */
export interface TitledFields extends Sharing {
  title?: string | undefined;
}

/** The types of entities that have a title and nothing else of their own. */
export type TitledType = { [Type in EntityType]: EntityOf<Type> extends { title: string } ? Type : never }[EntityType];
type Titled = EntityOf<TitledType>;

/** The other types. The compiler names one that is missing here. */
const otherTypes: Record<Exclude<EntityType, TitledType>, true> = { Contact: true };
export const titledTypes = entityTypes.filter((type): type is TitledType => !(type in otherTypes));

/**
 * Creates a contact. Throws `ForbiddenError` for a key that may only read, `NotFoundError`,
 * `BadUserInputError`.
 */
export function createContact(
  request: RequestContext,
  input: ContactFields & { displayName: string },
): Promise<Contact> {
  const ctx = contextOf(request);
  const { displayName, isCompany = false } = input;
  const titleKey = searchKey(displayName);
  const make = (tx: Context) => tx.em.create(Contact, { displayName, titleKey, isCompany, ...authorship(tx) });
  return create(ctx, input, make, changeContact);
}

/** Creates an entity with a title. Throws what `createContact` throws. */
export function createTitled(
  request: RequestContext,
  type: TitledType,
  input: TitledFields & { title: string },
): Promise<Titled> {
  const ctx = contextOf(request);
  const entity = entityDescriptors[type].entity as EntityClass<Titled>;
  const titleKey = searchKey(input.title);
  const make = (tx: Context) => tx.em.create(entity, { title: input.title, titleKey, ...authorship(tx) });
  return create(ctx, input, make, changeTitled);
}

/**
 * Changes the given fields: all of them, or none. Throws `NotFoundError`, `ForbiddenError`,
 * `BadUserInputError`.
 */
export function updateContact(request: RequestContext, id: number, changes: ContactFields): Promise<Contact> {
  const ctx = contextOf(request);
  return update(ctx, { type: 'Contact', id }, changes, changeContact);
}

/** Changes the given fields: all of them, or none. Throws what `updateContact` throws. */
export function updateTitled(
  request: RequestContext,
  ref: { type: TitledType; id: number },
  changes: TitledFields,
): Promise<Titled> {
  const ctx = contextOf(request);
  return update(ctx, ref, changes, changeTitled);
}

type Change<Row, Fields> = (ctx: Context, row: Row, fields: Fields) => Promise<void>;

async function create<Row extends EntityOf<EntityType>, Fields extends SharingChange>(
  ctx: Context,
  fields: Fields,
  make: (tx: Context) => Row,
  change: Change<Row, Fields>,
): Promise<Row> {
  assertWriteScope(ctx.viewer);
  return inTransaction(ctx, async (tx) => {
    const row = make(tx);
    // Its access list refers to its id, which the database assigns.
    await tx.em.persist(row).flush();
    await change(tx, row, fields);
    if (isSharing(fields)) tx.audit(sharingEntry(row, fields));
    return row;
  });
}

async function update<Row extends EntityOf<EntityType>, Fields extends SharingChange>(
  ctx: Context,
  ref: EntityRef,
  changes: Fields,
  change: Change<Row, Fields>,
): Promise<Row> {
  const changesSharing = isSharing(changes);
  return inTransaction(ctx, async (tx) => {
    // Of two concurrent updates, the second reads what the first wrote: lists that are replaced are
    // not merged.
    await tx.em.findOne(entityDescriptors[ref.type].entity, { id: ref.id }, forUpdate);
    const row = await loadForUpdate<Row>(tx, await (changesSharing ? lockForManage : lockForEdit)(tx, ref));
    const wasPublic = isPublic(ref, row);
    await change(tx, row, changes);
    // Subscriptions of those who may no longer see it end.
    if (changesSharing) {
      tx.emitAccessChange({ topic: topicOf(ref) });
      tx.audit(sharingEntry(row, changes));
    }
    if (isPublic(ref, row) !== wasPublic) await setAttachmentsPublic(tx, ref, !wasPublic);
    return row;
  });
}

/**
 * Everything is checked before anything is changed: the entities are shared with the rest of the
 * request.
 */
async function changeContact(ctx: Context, contact: Contact, fields: ContactFields): Promise<void> {
  const { infos, accessList, ...rest } = fields;
  assertTexts(rest);
  if (infos) checkInfos(infos);
  if (accessList) await checkAccess(ctx, accessList);
  if (rest.currency != null) await assertCurrency(ctx, rest.currency);

  ctx.em.assign(contact, rest as EntityData<Contact>, { ignoreUndefined: true });
  if (rest.displayName !== undefined) contact.titleKey = searchKey(rest.displayName);
  if (infos) await replaceInfos(ctx, contact, infos);
  if (accessList) await replaceAccess(ctx, { type: 'Contact', id: contact.id }, accessList);
}

async function changeTitled(ctx: Context, row: Titled, fields: TitledFields): Promise<void> {
  const { accessList, title, isPrivate } = fields;
  assertTexts({ title });
  if (accessList) await checkAccess(ctx, accessList);

  if (title !== undefined) ctx.em.assign(row, { title, titleKey: searchKey(title) });
  if (isPrivate !== undefined) row.isPrivate = isPrivate;
  if (accessList) await replaceAccess(ctx, refOf(row) as EntityRef, accessList);
}
