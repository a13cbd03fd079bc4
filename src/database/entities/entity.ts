import { defineEntity, p } from '@mikro-orm/core';
import { Currency } from './currency.ts';
import { User } from './user.ts';

export const entityTypes = ['Contact', 'Opportunity', 'Case'] as const;

/** The attachables that have an access list and a history. */
export type EntityType = (typeof entityTypes)[number];

/** Which entity. */
export interface EntityRef {
  type: EntityType;
  id: number;
}

export const shareTypes = ['NONE', 'READ', 'READ_WRITE'] as const;

/** What others may do with a contact. */
export type ShareType = (typeof shareTypes)[number];

const contactSchema = defineEntity({
  name: 'Contact',
  tableName: 'contacts',
  // Those that everybody sees, and those of a user, are listed in their order.
  indexes: [
    { properties: ['createdBy', 'id'] },
    { name: 'contacts_public_index', properties: ['id'], where: "is_private = false and share_type <> 'NONE'" },
  ],
  properties: {
    id: p.integer().primary(),
    displayName: p.string(),
    /** The search key of the name. */
    titleKey: p.string().default(''),
    isCompany: p.boolean(),
    smallPhotoUrl: p.string().nullable(),
    mediumPhotoUrl: p.string().nullable(),
    currency: () => p.manyToOne(Currency).ref().nullable(),
    isPrivate: p.boolean().default(false),
    /** What the whole team may do with it, unless it is private. */
    shareType: p.enum(shareTypes).default('READ_WRITE'),
    createdBy: () => p.manyToOne(User).ref(),
    createdAt: p.datetime(3),
  },
});

/** A person or a company that the team deals with. */
export class Contact extends contactSchema.class {}
contactSchema.setClass(Contact);

export const infoTypes = [
  'PHONE',
  'EMAIL',
  'WEBSITE',
  'SKYPE',
  'TWITTER',
  'LINKEDIN',
  'FACEBOOK',
  'ADDRESS',
  'LIVEJOURNAL',
  'MYSPACE',
  'GMAIL',
  'BLOGGER',
  'YAHOO',
  'MSN',
  'ICQ',
  'JABBER',
  'AIM',
  'VK',
] as const;

/** Ways to reach a contact, in the order of the numbers that older clients know them by. */
export type InfoType = (typeof infoTypes)[number];

const infoSchema = defineEntity({
  name: 'ContactInfo',
  tableName: 'contact_infos',
  properties: {
    id: p.integer().primary(),
    contact: () => p.manyToOne(Contact).ref().index().deleteRule('cascade'),
    infoType: p.enum(infoTypes),
    /** The use, by the numbers of older clients: 0 home, 1 work, 2 other … */
    category: p.integer().default(0),
    /** The number, address or name itself. */
    data: p.string(),
    isPrimary: p.boolean().default(false),
  },
});

/** One way to reach a contact. */
export class ContactInfo extends infoSchema.class {}
infoSchema.setClass(ContactInfo);

const opportunitySchema = defineEntity({
  name: 'Opportunity',
  tableName: 'opportunities',
  indexes: [
    { properties: ['createdBy', 'id'] },
    { name: 'opportunities_public_index', properties: ['id'], where: 'is_private = false' },
  ],
  properties: {
    id: p.integer().primary(),
    title: p.string(),
    /** The search key of the title. */
    titleKey: p.string().default(''),
    isPrivate: p.boolean().default(false),
    createdBy: () => p.manyToOne(User).ref(),
    createdAt: p.datetime(3),
  },
});

/** A possible sale. */
export class Opportunity extends opportunitySchema.class {}
opportunitySchema.setClass(Opportunity);

const caseSchema = defineEntity({
  name: 'Case',
  tableName: 'cases',
  indexes: [
    { properties: ['createdBy', 'id'] },
    { name: 'cases_public_index', properties: ['id'], where: 'is_private = false' },
  ],
  properties: {
    id: p.integer().primary(),
    title: p.string(),
    /** The search key of the title. */
    titleKey: p.string().default(''),
    isPrivate: p.boolean().default(false),
    createdBy: () => p.manyToOne(User).ref(),
    createdAt: p.datetime(3),
  },
});

/** A matter that is tracked until it is closed. */
export class Case extends caseSchema.class {}
caseSchema.setClass(Case);

export const accessLevels = ['READ', 'READ_WRITE'] as const;

/** What one user may do with an entity. */
export type AccessLevel = (typeof accessLevels)[number];

const accessSchema = defineEntity({
  name: 'EntityAccess',
  tableName: 'entity_access',
  // The entities that a user may see are read from the lists that name the user.
  indexes: [{ properties: ['user', 'entityType', 'entityId'] }],
  uniques: [{ properties: ['entityType', 'entityId', 'user'] }],
  properties: {
    id: p.integer().primary(),
    entityType: p.enum(entityTypes),
    entityId: p.integer(),
    user: () => p.manyToOne(User).ref().index(),
    access: p.enum(accessLevels),
  },
});

/** What a user may do with an entity in addition to the rights of all users. */
export class EntityAccess extends accessSchema.class {}
accessSchema.setClass(EntityAccess);
