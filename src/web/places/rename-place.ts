import type { Client } from 'urql';
import { graphql } from '../generated/index.ts';
import type { Outcome, PlaceKind } from './place-kind.ts';

const updateProject = graphql(`
  mutation RenameProject($id: ID!, $title: String!) {
    updateProject(input: { projectId: $id, title: $title }) {
      project {
        id
      }
    }
  }
`);
const updateTask = graphql(`
  mutation RenameTask($id: ID!, $title: String!) {
    updateTask(input: { taskId: $id, title: $title }) {
      task {
        id
      }
    }
  }
`);
const updateComment = graphql(`
  mutation RewriteComment($id: ID!, $title: String!) {
    updateComment(input: { commentId: $id, body: $title }) {
      comment {
        id
      }
    }
  }
`);
const updateContact = graphql(`
  mutation RenameContact($id: ID!, $title: String!) {
    updateContact(input: { contactId: $id, displayName: $title }) {
      contact {
        id
      }
    }
  }
`);
const updateOpportunity = graphql(`
  mutation RenameOpportunity($id: ID!, $title: String!) {
    updateOpportunity(input: { opportunityId: $id, title: $title }) {
      opportunity {
        id
      }
    }
  }
`);
const updateCase = graphql(`
  mutation RenameCase($id: ID!, $title: String!) {
    updateCase(input: { caseId: $id, title: $title }) {
      case {
        id
      }
    }
  }
`);

const renaming = {
  Project: updateProject,
  Task: updateTask,
  Comment: updateComment,
  Contact: updateContact,
  Opportunity: updateOpportunity,
  Case: updateCase,
};

/** Changes the title of a place, or the text of a comment. */
export async function renamePlace(client: Client, kind: PlaceKind, id: string, title: string): Promise<Outcome> {
  const { error } = await client.mutation<unknown, { id: string; title: string }>(renaming[kind], { id, title });
  return { id, error };
}
