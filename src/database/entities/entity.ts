import { defineEntity, p } from '@mikro-orm/core';
import { User } from './user.ts';

const contactSchema = defineEntity({
  name: 'Contact',
  tableName: 'contacts',
  properties: {
    id: p.integer().primary(),
    displayName: p.string(),
    isCompany: p.boolean(),
    createdBy: () => p.manyToOne(User).ref(),
    createdAt: p.datetime(3),
  },
});

/** A person or a company that the team deals with. */
export class Contact extends contactSchema.class {}
contactSchema.setClass(Contact);

const opportunitySchema = defineEntity({
  name: 'Opportunity',
  tableName: 'opportunities',
  properties: {
    id: p.integer().primary(),
    title: p.string(),
    createdBy: () => p.manyToOne(User).ref(),
    createdAt: p.datetime(3),
  },
});

/** A sale that may come about. */
export class Opportunity extends opportunitySchema.class {}
opportunitySchema.setClass(Opportunity);

const caseSchema = defineEntity({
  name: 'Case',
  tableName: 'cases',
  properties: {
    id: p.integer().primary(),
    title: p.string(),
    createdBy: () => p.manyToOne(User).ref(),
    createdAt: p.datetime(3),
  },
});

/** A matter that is followed until it is closed. */
export class Case extends caseSchema.class {}
caseSchema.setClass(Case);
