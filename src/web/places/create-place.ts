import type { Client } from 'urql';
import { graphql } from '../generated/index.ts';
import type { Outcome, PlaceKind } from './place-kind.ts';

const createProject = graphql(`
  mutation CreateProject($title: String!) {
    createProject(input: { title: $title }) {
      project {
        id
      }
    }
  }
`);
const createTask = graphql(`
  mutation CreateTask($projectId: ID!, $title: String!) {
    createTask(input: { projectId: $projectId, title: $title }) {
      task {
        id
      }
    }
  }
`);
const createContact = graphql(`
  mutation CreateContact($title: String!) {
    createContact(input: { displayName: $title }) {
      contact {
        id
      }
    }
  }
`);
const createOpportunity = graphql(`
  mutation CreateOpportunity($title: String!) {
    createOpportunity(input: { title: $title }) {
      opportunity {
        id
      }
    }
  }
`);
const createCase = graphql(`
  mutation CreateCase($title: String!) {
    createCase(input: { title: $title }) {
      case {
        id
      }
    }
  }
`);

/** The places that a title suffices to create. */
export type CreatedKind = Exclude<PlaceKind, 'Comment'>;

/** Creates a place. `parentId` is the project of a task. */
export async function createPlace(client: Client, kind: CreatedKind, text: string, parentId = ''): Promise<Outcome> {
  switch (kind) {
    case 'Project': {
      const { data, error } = await client.mutation(createProject, { title: text });
      return { id: data?.createProject.project.id, error };
    }
    case 'Task': {
      const { data, error } = await client.mutation(createTask, { projectId: parentId, title: text });
      return { id: data?.createTask.task.id, error };
    }
    case 'Contact': {
      const { data, error } = await client.mutation(createContact, { title: text });
      return { id: data?.createContact.contact.id, error };
    }
    case 'Opportunity': {
      const { data, error } = await client.mutation(createOpportunity, { title: text });
      return { id: data?.createOpportunity.opportunity.id, error };
    }
    case 'Case': {
      const { data, error } = await client.mutation(createCase, { title: text });
      return { id: data?.createCase.case.id, error };
    }
  }
}
