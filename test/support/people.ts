import type { KeyScope, ProjectRole } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';
import { ask, type Endpoint } from './client.ts';

export const createUser = graphql(`
  mutation CreateUser($input: CreateUserInput!) {
    createUser(input: $input) {
      user { id databaseId displayName title email avatarUrl profileUrl isAdmin createdAt }
      userEdge { cursor node { id } }
    }
  }
`);

export const createApiKey = graphql(`
  mutation CreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      apiKey { id databaseId name scope createdAt expiresAt revokedAt user { id } }
      apiKeyEdge { cursor node { id } }
      key
    }
  }
`);

export const revokeApiKey = graphql(`
  mutation RevokeApiKey($apiKeyId: ID!) {
    revokeApiKey(input: { apiKeyId: $apiKeyId }) { apiKey { id revokedAt } }
  }
`);

export const addProjectMember = graphql(`
  mutation AddProjectMember($input: AddProjectMemberInput!) {
    addProjectMember(input: $input) {
      project { id }
      memberEdge { cursor role node { id displayName } }
    }
  }
`);

export interface Person {
  id: string;
  /** An API key. */
  key: string;
  keyId: string;
}

/** Creates another API key. */
export async function newKey(server: Endpoint, userId: string, scope: KeyScope): Promise<Omit<Person, 'id'>> {
  const made = (await ask(server, createApiKey, { input: { userId, name: 'of the tests', scope } })).createApiKey;
  return { key: made.key, keyId: made.apiKey.id };
}

/** Creates a user with an API key, who is a member of the first project if `role` is given. */
export async function newPerson(
  server: Endpoint,
  displayName: string,
  { role, scope = 'WRITE', isAdmin = false }: { role?: ProjectRole; scope?: KeyScope; isAdmin?: boolean } = {},
): Promise<Person> {
  const { user } = (await ask(server, createUser, { input: { displayName, isAdmin } })).createUser;
  if (role) await ask(server, addProjectMember, { input: { projectId: 'Project:1', userId: user.id, role } });
  return { id: user.id, ...(await newKey(server, user.id, scope)) };
}

/** Creates a project of a person, and returns its id. */
export async function ownProject(server: Endpoint, { key }: Person): Promise<string> {
  const query = 'mutation { createProject(input: { title: "My own" }) { project { id } } }';
  return (await ask<{ createProject: { project: { id: string } } }>(server, query, {}, key)).createProject.project.id;
}
