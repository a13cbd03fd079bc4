import type { Connection, ReadPage } from '../api/use-pages.ts';
import type { ProjectRole } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';

export const projectQuery = graphql(`
  query ManagedProject($id: ID!) {
    project(id: $id) {
      id
      title
      canEdit
      viewerRole
      usedBytes
      usedFiles
      maxBytes
      maxFiles
    }
  }
`);

const membersQuery = graphql(`
  query Members($id: ID!, $first: Int!, $after: String) {
    project(id: $id) {
      id
      members(first: $first, after: $after) {
        edges {
          role
          node {
            id
            displayName
            email
            isDisabled
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export const addMember = graphql(`
  mutation AddMember($input: AddProjectMemberInput!) {
    addProjectMember(input: $input) {
      memberEdge {
        cursor
      }
    }
  }
`);

export const updateMember = graphql(`
  mutation UpdateMember($input: UpdateProjectMemberInput!) {
    updateProjectMember(input: $input) {
      project {
        id
      }
    }
  }
`);

export const removeMember = graphql(`
  mutation RemoveMember($input: RemoveProjectMemberInput!) {
    removeProjectMember(input: $input) {
      project {
        id
      }
    }
  }
`);

export const setQuota = graphql(`
  mutation SetQuota($input: UpdateProjectInput!) {
    updateProject(input: $input) {
      project {
        id
        maxBytes
        maxFiles
      }
    }
  }
`);

export const ROLES: readonly ProjectRole[] = ['VIEWER', 'EDITOR', 'OWNER'];

export interface Member {
  id: string;
  displayName: string;
  email: string | null;
  isDisabled: boolean;
  role: ProjectRole;
}

export const readMembers =
  (projectId: string): ReadPage<Connection<Member>> =>
  async (client, request) => {
    const variables = { id: projectId, ...request };
    const { data, error } = await client.query(membersQuery, variables, { requestPolicy: 'network-only' });
    const members = data?.project?.members;
    const nodes = members?.edges.map(({ role, node }) => ({ ...node, role })) ?? [];
    return { page: members && { nodes, pageInfo: members.pageInfo }, error };
  };
