import type { EntityClass, EntityData } from '@mikro-orm/core';
import { assertWriteScope } from '../auth/require-scope.ts';
import type { Context } from '../context.ts';
import {
  Case,
  Contact,
  type EntityRef,
  type EntityType,
  Opportunity,
  type ShareType,
} from '../database/entities/index.ts';
import { forUpdate } from '../database/sql.ts';
import { inTransaction } from '../events/in-transaction.ts';
import { topicOf } from '../events/topic.ts';
import { authorizeEdit, authorizeManage, loadForUpdate, refOf } from './attachable.ts';
import { checkInfos, type InfoEntry, replaceInfos } from './contact-infos.ts';
import { assertCurrency } from './currencies.ts';
import { type AccessEntry, checkAccess, replaceAccess } from './entity-access.ts';
import { authorship } from './listing.ts';

/** Who may see an entity; what is left out stays as it is. Only for those who manage it. */
export interface Sharing {
  isPrivate?: boolean | undefined;
  accessList?: readonly AccessEntry[] | undefined;
}

/** What can be said of a contact; of a known one, what is left out stays as it is. */
export interface ContactFields extends Sharing {
  displayName?: string | undefined;
  isCompany?: boolean | undefined;
  /** Null for none; so are the next two. */
  smallPhotoUrl?: string | null | undefined;
  mediumPhotoUrl?: string | null | undefined;
  /** As ISO 4217 abbreviates it. */
  currency?: string | null | undefined;
  /** Only for those who manage it. */
  shareType?: ShareType | undefined;
  /** In the place of all that there are. */
  infos?: readonly InfoEntry[] | undefined;
}

/** What can be said of an opportunity or a case; of a known one, what is left out stays as it is. */
export interface TitledFields extends Sharing {
  title?: string | undefined;
}

/** Creates a contact. Throws `ForbiddenError` for a key that may only read, `NotFoundError`, `BadInput`. */
export function createContact(ctx: Context, input: ContactFields & { displayName: string }): Promise<Contact> {
  const { displayName, isCompany = false } = input;
  const make = (tx: Context) => tx.em.create(Contact, { displayName, isCompany, ...authorship(tx) });
  return create(ctx, input, make, changeContact);
}

/** Creates an opportunity. Throws `ForbiddenError` for a key that may only read, `NotFoundError`, `BadInput`. */
export function createOpportunity(ctx: Context, input: TitledFields & { title: string }): Promise<Opportunity> {
  const make = (tx: Context) => tx.em.create(Opportunity, { title: input.title, ...authorship(tx) });
  return create(ctx, input, make, changeTitled);
}

/** Creates a case. Throws `ForbiddenError` for a key that may only read, `NotFoundError`, `BadInput`. */
export function createCase(ctx: Context, input: TitledFields & { title: string }): Promise<Case> {
  const make = (tx: Context) => tx.em.create(Case, { title: input.title, ...authorship(tx) });
  return create(ctx, input, make, changeTitled);
}

/** Changes what is given. Throws `NotFoundError`, `ForbiddenError`, `BadInput`; then nothing is changed. */
export function updateContact(ctx: Context, id: number, changes: ContactFields): Promise<Contact> {
  return update(ctx, { type: 'Contact', id }, changes, changeContact);
}

/** Changes what is given. Throws `NotFoundError`, `ForbiddenError`, `BadInput`; then nothing is changed. */
export function updateOpportunity(ctx: Context, id: number, changes: TitledFields): Promise<Opportunity> {
  return update(ctx, { type: 'Opportunity', id }, changes, changeTitled<Opportunity>);
}

/** Changes what is given. Throws `NotFoundError`, `ForbiddenError`, `BadInput`; then nothing is changed. */
export function updateCase(ctx: Context, id: number, changes: TitledFields): Promise<Case> {
  return update(ctx, { type: 'Case', id }, changes, changeTitled<Case>);
}

type Changeable = Contact | Opportunity | Case;
type Change<Row, Fields> = (ctx: Context, row: Row, fields: Fields) => Promise<void>;

async function create<Row extends Changeable, Fields extends Sharing>(
  ctx: Context,
  fields: Fields,
  make: (tx: Context) => Row,
  change: Change<Row, Fields>,
): Promise<Row> {
  assertWriteScope(ctx.viewer);
  return inTransaction(ctx, async (tx) => {
    const row = make(tx);
    // Its access list goes by its number, which the database gives it.
    await tx.em.persist(row).flush();
    await change(tx, row, fields);
    return row;
  });
}

const tables: Record<EntityType, EntityClass<Changeable>> = { Contact, Opportunity, Case };

async function update<Row extends Changeable, Fields extends Sharing & { shareType?: ShareType | undefined }>(
  ctx: Context,
  ref: EntityRef,
  changes: Fields,
  change: Change<Row, Fields>,
): Promise<Row> {
  const { isPrivate, accessList, shareType } = changes;
  const isSharing = isPrivate !== undefined || accessList !== undefined || shareType !== undefined;
  return inTransaction(ctx, async (tx) => {
    // Of two at once, the second sees what the first did: lists that are replaced do not end up as both.
    await tx.em.findOne(tables[ref.type], { id: ref.id }, forUpdate);
    const row = await loadForUpdate<Row>(tx, await (isSharing ? authorizeManage : authorizeEdit)(tx, ref));
    await change(tx, row, changes);
    // Whoever listens to it and may no longer see it hears no more.
    if (isSharing) tx.emitAccessChange({ topic: topicOf(ref) });
    return row;
  });
}

/** Everything is checked before anything is changed: the rows are shared with whoever reads on in this request. */
async function changeContact(ctx: Context, contact: Contact, fields: ContactFields): Promise<void> {
  const { infos, accessList, ...rest } = fields;
  if (infos) checkInfos(infos);
  if (accessList) await checkAccess(ctx, accessList);
  if (rest.currency != null) await assertCurrency(ctx, rest.currency);

  ctx.em.assign(contact, rest as EntityData<Contact>, { ignoreUndefined: true });
  if (infos) await replaceInfos(ctx, contact, infos);
  if (accessList) await replaceAccess(ctx, { type: 'Contact', id: contact.id }, accessList);
}

async function changeTitled<Row extends Opportunity | Case>(ctx: Context, row: Row, fields: TitledFields) {
  const { accessList, title, isPrivate } = fields;
  if (accessList) await checkAccess(ctx, accessList);

  if (title !== undefined) row.title = title;
  if (isPrivate !== undefined) row.isPrivate = isPrivate;
  if (accessList) await replaceAccess(ctx, refOf(row) as EntityRef, accessList);
}
