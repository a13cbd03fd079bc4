import type { Client } from 'urql';
import { graphql } from '../generated/index.ts';
import type { Outcome, PlaceKind } from './place-kind.ts';

const deleteProject = graphql(`
  mutation DeleteProject($id: ID!) {
    deleteProject(input: { projectId: $id }) {
      deletedId
    }
  }
`);
const deleteTask = graphql(`
  mutation DeleteTask($id: ID!) {
    deleteTask(input: { taskId: $id }) {
      deletedId
    }
  }
`);
const deleteComment = graphql(`
  mutation DeleteComment($id: ID!) {
    deleteComment(input: { commentId: $id }) {
      deletedId
    }
  }
`);
const deleteContact = graphql(`
  mutation DeleteContact($id: ID!) {
    deleteContact(input: { contactId: $id }) {
      deletedId
    }
  }
`);
const deleteOpportunity = graphql(`
  mutation DeleteOpportunity($id: ID!) {
    deleteOpportunity(input: { opportunityId: $id }) {
      deletedId
    }
  }
`);
const deleteCase = graphql(`
  mutation DeleteCase($id: ID!) {
    deleteCase(input: { caseId: $id }) {
      deletedId
    }
  }
`);

const deleting = {
  Project: deleteProject,
  Task: deleteTask,
  Comment: deleteComment,
  Contact: deleteContact,
  Opportunity: deleteOpportunity,
  Case: deleteCase,
};

/** Deletes a place, with what is in it. */
export async function deletePlace(client: Client, kind: PlaceKind, id: string): Promise<Outcome> {
  const { error } = await client.mutation<unknown, { id: string }>(deleting[kind], { id });
  return { id, error };
}
