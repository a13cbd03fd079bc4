import sharp from 'sharp';
import { begin } from '../../http/tus/client.ts';
import { createUploadToken } from '../../sharing/guests.ts';
import { createShareLink } from '../../sharing/share-guests.ts';
import { ask } from '../../support/client.ts';
import { type FileFields, uploadFile } from '../../support/files.ts';
import { addProjectMember, newKey, newPerson, type Person, revokeApiKey } from '../../support/people.ts';
import type { TestServer } from '../../support/server.ts';

/** A server with the actors of the matrix, and functions that create what belongs to Alice. */
export interface World {
  server: TestServer;
  alice: Person;
  /** The credentials of an actor of the table, as `owner WRITE`. */
  credentials: ReadonlyMap<string, string>;
  /** The name with which the actor signs in to Kanboard. */
  names: ReadonlyMap<string, string>;
  /** Runs a mutation of Alice, and returns the id of what it created. */
  made(field: string, input: Record<string, unknown>, selection: string): Promise<string>;
  task(): Promise<string>;
  comment(): Promise<string>;
  file(on?: string): Promise<FileFields>;
  /** A private entity that the owner created, who therefore manages it as the project. */
  entity(kind?: 'Contact' | 'Opportunity' | 'Case'): Promise<string>;
  project(): Promise<string>;
  /** A user who takes no part. */
  person(): Promise<Person>;
  /** An unfinished upload. */
  upload(): Promise<string>;
  /** The same as a path of tus. */
  uploadPath(): Promise<string>;
}

export const PROJECT = 'Project:1';

const picture = sharp({ create: { width: 4, height: 4, channels: 3, background: '#c33' } })
  .png()
  .toBuffer();

export async function createWorld(server: TestServer): Promise<World> {
  const alice = await newPerson(server, 'Alice', { role: 'EDITOR' });
  const people = {
    stranger: await newPerson(server, 'stranger'),
    viewer: await newPerson(server, 'viewer', { role: 'VIEWER' }),
    editor: await newPerson(server, 'editor', { role: 'EDITOR' }),
    owner: await newPerson(server, 'owner', { role: 'OWNER' }),
    administrator: await newPerson(server, 'administrator', { isAdmin: true, scope: 'ADMIN' }),
    disabled: await newPerson(server, 'disabled', { role: 'OWNER' }),
    revoked: await newPerson(server, 'revoked', { role: 'OWNER' }),
  };
  const credentials = new Map<string, string>();
  const names = new Map<string, string>();
  const add = (actor: string, scope: string, key: string) => {
    credentials.set(`${actor} ${scope}`, key);
    names.set(key, actor);
  };
  for (const [actor, { id, key }] of Object.entries(people)) {
    add(actor, actor === 'administrator' ? 'ADMIN' : 'WRITE', key);
    if (actor === 'administrator') add(actor, 'WRITE', (await newKey(server, id, 'WRITE')).key);
    if (actor !== 'disabled' && actor !== 'revoked') add(actor, 'READ', (await newKey(server, id, 'READ')).key);
  }
  await ask(server, `mutation { disableUser(input: { userId: "${people.disabled.id}" }) { user { id } } }`);
  await ask(server, revokeApiKey, { apiKeyId: people.revoked.keyId });
  add('upload token', '-', (await createUploadToken(server, { on: 'Task:1', maxFiles: 1000 }, alice.key)).token);
  add('share link', '-', (await createShareLink(server, { on: 'Task:1' }, alice.key)).token);

  const place = { url: server.url, key: alice.key };
  const made = async (field: string, input: Record<string, unknown>, selection: string, key = alice.key) => {
    const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input!`;
    const query = `mutation ($input: ${type}) { ${field}(input: $input) { made: ${selection} { id } } }`;
    return (await ask<Record<string, { made: { id: string } }>>(server, query, { input }, key))[field]?.made.id ?? '';
  };
  const task = () => made('createTask', { projectId: PROJECT, title: 'T' }, 'task');
  const uploadPath = () => begin(place, 8, { on: 'Task:1' });
  const accessList = [
    { userId: people.viewer.id, access: 'READ' },
    { userId: people.editor.id, access: 'READ_WRITE' },
    { userId: alice.id, access: 'READ_WRITE' },
  ];
  return {
    ...{ server, alice, credentials, names, made, task },
    comment: async () => made('createComment', { taskId: await task(), body: 'C' }, 'comment'),
    file: async (on) =>
      uploadFile(server, on ?? (await task()), { name: 'a.png', content: new Blob([await picture]) }, {}, alice.key),
    entity(kind = 'Contact') {
      const title = kind === 'Contact' ? { displayName: 'E' } : { title: 'E' };
      return made(`create${kind}`, { ...title, isPrivate: true, accessList }, kind.toLowerCase(), people.owner.key);
    },
    async project() {
      const projectId = await made('createProject', { title: 'P' }, 'project', server.key);
      const members = { viewer: 'VIEWER', editor: 'EDITOR', owner: 'OWNER' } as const;
      for (const [name, role] of Object.entries(members))
        await ask(server, addProjectMember, {
          input: { projectId, userId: people[name as 'viewer'].id, role: role as 'OWNER' },
        });
      return projectId;
    },
    person: () => newPerson(server, 'bystander'),
    upload: async () => `UnfinishedUpload:${(await uploadPath()).split('/').at(-1)}`,
    uploadPath,
  };
}
