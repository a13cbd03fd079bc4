import type { OnlyofficePersonFragment } from '../../generated/graphql.ts';
import { graphql } from '../../generated/index.ts';
import { ask } from '../../support/client.ts';
import { addProjectMember, createUser, newKey } from '../../support/people.ts';
import type { TestServer } from '../../support/server.ts';

/**
 * Creates an editor of the first project, with every value that the older APIs return for a person.
 */
export async function newColleague(server: TestServer, displayName: string) {
  const name = displayName.toLowerCase();
  const input = {
    displayName,
    title: `Head of ${name}`,
    email: `${name}@example.com`,
    avatarUrl: `https://example.com/${name}.png`,
    profileUrl: `https://example.com/people/${name}`,
  };
  const { user } = (await ask(server, createUser, { input })).createUser;
  await ask(server, addProjectMember, { input: { projectId: 'Project:1', userId: user.id, role: 'EDITOR' } });
  return { id: user.id, databaseId: user.databaseId, key: (await newKey(server, user.id, 'WRITE')).key };
}

export const onlyofficePerson = graphql(`
  fragment OnlyofficePerson on User { databaseId displayName title avatarUrl profileUrl }
`);

/** Maps a user to the member names of ONLYOFFICE. */
export const personOf = (user: OnlyofficePersonFragment) => ({
  Id: user.databaseId,
  DisplayName: user.displayName,
  Title: user.title,
  AvatarSmall: user.avatarUrl,
  ProfileUrl: user.profileUrl,
});

/** The result that `personOf` must return for such a colleague. */
export const colleague = ({ databaseId }: { databaseId: number }, displayName: string) => ({
  Id: databaseId,
  DisplayName: displayName,
  Title: `Head of ${displayName.toLowerCase()}`,
  AvatarSmall: `https://example.com/${displayName.toLowerCase()}.png`,
  ProfileUrl: `https://example.com/people/${displayName.toLowerCase()}`,
});
