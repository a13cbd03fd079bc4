import { findUsers } from '../../auth/users.ts';
import type { RequestContext } from '../../context.ts';
import type { Contact, ShareType } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { topicOf } from '../../events/topic.ts';
import { loadAttachables } from '../../workspace/attachable.ts';
import { categoriesOf, emailOf, infosOf, infoTypes } from '../../workspace/contact-infos.ts';
import { findCurrencies } from '../../workspace/currencies.ts';
import { accessLists } from '../../workspace/entity-access.ts';
import { encodeUser } from './user.ts';

const shareTypes: Record<ShareType, number> = { NONE: 0, READ_WRITE: 1, READ: 2 };

/** Encodes a contact; null if the viewer may not see it. */
export async function encodeContact(ctx: RequestContext, id: number) {
  const ref = { type: 'Contact', id } as const;
  const access = (await loadAttachables(ctx, [ref])).get(topicOf(ref));
  if (!access) return null;
  const contact = access.row as Row<Contact>;
  return {
    id,
    displayName: contact.displayName,
    isCompany: contact.isCompany,
    smallFotoUrl: contact.smallPhotoUrl ?? '',
    mediumFotoUrl: contact.mediumPhotoUrl ?? '',
    email: await encodeEmail(ctx, id),
    accessList: await encodeAccessList(ctx, id),
    isPrivate: contact.isPrivate,
    isShared: !contact.isPrivate && contact.shareType !== 'NONE',
    shareType: shareTypes[contact.shareType as ShareType],
    currency: contact.currency ? await encodeCurrency(ctx, contact.currency.abbreviation) : null,
    canEdit: access.canEdit,
    canDelete: access.canManage,
  };
}

async function encodeEmail(ctx: RequestContext, contactId: number) {
  const email = emailOf((await infosOf(ctx, [contactId])).get(contactId) ?? []);
  if (!email) return null;
  return {
    id: email.id,
    infoType: infoTypes.indexOf(email.infoType),
    category: email.category,
    categoryName: categoriesOf(email.infoType)[email.category] ?? '',
    data: email.data,
    isPrimary: email.isPrimary,
  };
}

async function encodeAccessList(ctx: RequestContext, id: number) {
  const ref = { type: 'Contact', id } as const;
  const entries = (await accessLists(ctx, [ref])).get(topicOf(ref)) ?? [];
  const ids = entries.map((entry) => entry.user.id);
  const users = await findUsers(ctx, ids);
  return ids.map((userId) => encodeUser(users.get(userId)));
}

async function encodeCurrency(ctx: RequestContext, abbreviation: string) {
  const currency = (await findCurrencies(ctx, [abbreviation])).get(abbreviation);
  if (!currency) return null;
  const { title, symbol, cultureName, isBasic } = currency;
  return { title, symbol, abbreviation, cultureName, isConvertable: currency.isConvertible, isBasic };
}
