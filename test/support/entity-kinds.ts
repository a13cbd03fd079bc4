import { graphql } from '../generated/index.ts';
import { ask } from './client.ts';
import { createCase, createContact, createOpportunity, deleteContact, updateContact } from './entities.ts';
import type { TestServer } from './server.ts';

const updateOpportunity = graphql(`
  mutation UpdateOpportunity($input: UpdateOpportunityInput!) {
    updateOpportunity(input: $input) { opportunity { id title isPrivate accessList { access user { id } } } }
  }
`);

const deleteOpportunity = graphql(`
  mutation DeleteOpportunity($opportunityId: ID!) {
    deleteOpportunity(input: { opportunityId: $opportunityId }) { deletedId }
  }
`);

const updateCase = graphql(`
  mutation UpdateCase($input: UpdateCaseInput!) {
    updateCase(input: $input) { case { id title isPrivate accessList { access user { id } } } }
  }
`);

const deleteCase = graphql(`
  mutation DeleteCase($caseId: ID!) {
    deleteCase(input: { caseId: $caseId }) { deletedId }
  }
`);

export type Access = { userId: string; access?: 'READ' | 'READ_WRITE' }[];

/** The fields that every kind of entity accepts. */
interface Changes {
  title?: string;
  isPrivate?: boolean;
  accessList?: Access;
}

/** Creating, updating and removing an entity of each kind. */
export const kinds = {
  Contact: {
    create: async (server: TestServer, { title = 'New', ...input }: Changes, key?: string) =>
      (await ask(server, createContact, { input: { displayName: title, ...input } }, key)).createContact.contact.id,
    update: (server: TestServer, contactId: string, { title, ...input }: Changes, key?: string) =>
      server.query(updateContact, { input: { contactId, displayName: title ?? null, ...input } }, key),
    remove: (server: TestServer, contactId: string, key?: string) => server.query(deleteContact, { contactId }, key),
  },
  Opportunity: {
    create: async (server: TestServer, { title = 'New', ...input }: Changes, key?: string) =>
      (await ask(server, createOpportunity, { input: { title, ...input } }, key)).createOpportunity.opportunity.id,
    update: (server: TestServer, opportunityId: string, input: Changes, key?: string) =>
      server.query(updateOpportunity, { input: { opportunityId, ...input } }, key),
    remove: (server: TestServer, opportunityId: string, key?: string) =>
      server.query(deleteOpportunity, { opportunityId }, key),
  },
  Case: {
    create: async (server: TestServer, { title = 'New', ...input }: Changes, key?: string) =>
      (await ask(server, createCase, { input: { title, ...input } }, key)).createCase.case.id,
    update: (server: TestServer, caseId: string, input: Changes, key?: string) =>
      server.query(updateCase, { input: { caseId, ...input } }, key),
    remove: (server: TestServer, caseId: string, key?: string) => server.query(deleteCase, { caseId }, key),
  },
};
