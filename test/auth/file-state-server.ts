import sharp from 'sharp';
import { ask } from '../support/client.ts';
import { runSql } from '../support/database.ts';
import { kinds } from '../support/entity-kinds.ts';
import { attach, detach, update, uploadFiles } from '../support/files.ts';
import { newKey, newPerson, type Person } from '../support/people.ts';
import type { TestServer } from '../support/server.ts';
import type { FileState } from './file-states.ts';

/** The state of a file that a row of the table describes, built through the API. */
export interface BuiltState {
  fileId: string;
  databaseId: number;
  /** A key of the viewer, with the scope of the state. */
  key: string;
  /** What the file is attached to, and whether the viewer may see it. */
  places: { id: string; isSeen: boolean }[];
  /** A task of the viewer's own, to which the file is not attached. */
  ownTask: string;
  /** A link to the content that the viewer created while everything was visible. */
  link: string | undefined;
}

export interface Participants {
  /** The users whose rights are tried. */
  viewers: Record<'user' | 'administrator', Person>;
  /**
   * Sees the primary attachable and attaches the file elsewhere. Carl has no right to the file, so
   * his attachments are never primary.
   */
  carl: Person;
}

const picture = sharp({ create: { width: 4, height: 4, channels: 3, background: '#c33' } })
  .png()
  .toBuffer();

export async function createParticipants(server: TestServer): Promise<Participants> {
  return {
    viewers: {
      user: await newPerson(server, 'Vera'),
      administrator: await newPerson(server, 'Ada', { isAdmin: true }),
    },
    carl: await newPerson(server, 'Carl'),
  };
}

/** Runs a mutation and returns the id of what it created. */
async function created(server: TestServer, mutation: string, key?: string): Promise<string> {
  type Made = Record<string, Record<string, { id: string }>>;
  const [payload = {}] = Object.values(await ask<Made>(server, `mutation { ${mutation} }`, {}, key));
  return Object.values(payload)[0]?.id ?? '';
}

const newProject = (server: TestServer, key?: string) =>
  created(server, 'createProject(input: { title: "P" }) { project { id } }', key);
const newTask = (server: TestServer, projectId: string, key?: string) =>
  created(server, `createTask(input: { projectId: "${projectId}", title: "T" }) { task { id } }`, key);
const member = (server: TestServer, projectId: string, { id }: Person, change: string, role = '') =>
  ask(
    server,
    `mutation { ${change}ProjectMember(input: { projectId: "${projectId}", userId: "${id}" ${role && `, role: ${role}`} }) { __typename } }`,
  );

export type PrimaryType = 'Task' | 'Contact' | 'Case';

interface PrimaryPlace {
  id: string;
  /** Reduces the access of the viewer to what the state describes. */
  apply(primary: string | undefined): Promise<unknown>;
}

async function createPrimaryPlace(
  server: TestServer,
  kind: PrimaryType,
  viewer: Person,
  carl: Person,
): Promise<PrimaryPlace> {
  if (kind === 'Task') {
    const project = await newProject(server);
    await member(server, project, viewer, 'add', 'EDITOR');
    await member(server, project, carl, 'add', 'VIEWER');
    const apply = async (primary = '') => {
      if (primary === 'HIDDEN') await member(server, project, viewer, 'remove');
      if (primary === 'SEEN') await member(server, project, viewer, 'update', 'VIEWER');
    };
    return { id: await newTask(server, project), apply };
  }
  const carlsAccess = { userId: carl.id, access: 'READ' } as const;
  const listed = (access: 'READ' | 'READ_WRITE') => [carlsAccess, { userId: viewer.id, access }];
  const id = await kinds[kind].create(server, { isPrivate: true, accessList: listed('READ_WRITE') });
  const apply = async (primary = '') => {
    if (primary === 'HIDDEN') await kinds[kind].update(server, id, { accessList: [carlsAccess] });
    if (primary === 'SEEN') await kinds[kind].update(server, id, { accessList: listed('READ') });
  };
  return { id, apply };
}

/** A user who is no longer an administrator may still hold a key of the scope ADMIN. */
async function keyOf(server: TestServer, { id }: Person, { who, key: scope }: FileState): Promise<string> {
  if (who === 'administrator' || scope !== 'ADMIN') return (await newKey(server, id, scope as 'READ')).key;
  const { key, keyId } = await newKey(server, id, 'WRITE');
  await runSql(server.dataDir, `update api_keys set scope = 'ADMIN' where id = ?`, Number(keyId.split(':')[1]));
  return key;
}

/** The role of the viewer in each other project of a state; `''` is no role. */
const others: Record<string, readonly string[]> = {
  '-': [],
  one: ['VIEWER'],
  edited: ['EDITOR'],
  some: ['VIEWER', ''],
  hidden: [''],
};

export async function build(
  server: TestServer,
  { viewers, carl }: Participants,
  state: FileState,
  kind: PrimaryType = 'Task',
): Promise<BuiltState> {
  const viewer = viewers[state.who as keyof Participants['viewers']];
  const primary = await createPrimaryPlace(server, kind, viewer, carl);
  const part = { name: 'a.png', content: new Blob([new Uint8Array(await picture)]), type: 'image/png' };
  const [file] = (await uploadFiles(server, primary.id, [part], {}, state.whose === 'own' ? viewer.key : server.key))
    .files;
  if (!file) throw new Error('The file was not stored.');
  const { url } = (
    await ask<{ file: { url: string } }>(
      server,
      'query ($id: ID!) { file(id: $id) { url(expiresIn: 600) } }',
      { id: file.id },
      viewer.key,
    )
  ).file;
  const places: BuiltState['places'] = [];
  for (const role of others[state.others ?? ''] ?? []) {
    const project = await newProject(server, carl.key);
    if (role) await member(server, project, viewer, 'add', role);
    const task = await newTask(server, project, carl.key);
    await attach(server, task, [file.id], carl.key);
    places.push({ id: task, isSeen: role !== '' || state.who === 'administrator' });
  }
  if (state.primary === 'NONE') await detach(server, primary.id, [file.id]);
  else places.push({ id: primary.id, isSeen: state.primary !== 'HIDDEN' || state.who === 'administrator' });
  if (state.available !== 'yes') await update(server, { fileId: file.id, available: false });
  await primary.apply(state.primary);
  const own = await newProject(server, viewer.key);
  const ownTask = await newTask(server, own, viewer.key);
  const key = await keyOf(server, viewer, state);
  return { fileId: file.id, databaseId: file.databaseId, key, places, ownTask, link: url };
}
