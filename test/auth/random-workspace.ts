import { isPublicEntity } from '../../src/auth/permissions.ts';
import type { EntityManager } from '../../src/database/database.ts';
import {
  type AttachableRef,
  Attachment,
  accessLevels,
  Case,
  Contact,
  EntityAccess,
  File,
  Project,
  ProjectMember,
  projectRoles,
  shareTypes,
  Task,
  User,
} from '../../src/database/entities/index.ts';
import { insertRows } from '../../src/database/insert-rows.ts';
import type { Row } from '../../src/database/rows.ts';

/** A workspace with random memberships, access lists and attachments. */
export interface RandomWorkspace {
  users: User[];
  attachables: AttachableRef[];
  files: Row<File>[];
}

interface Place {
  ref: AttachableRef;
  projectId: number | null;
  taskId: number | null;
  isPublic: boolean;
}

const PROJECTS = 40;
const ENTITIES = 40;
const FILES = 200;
const createdAt = new Date('2026-11-27T14:30:00Z');

/**
 * Of the users, the first is a member of nothing, the second of a few projects, the third of most.
 * In each order many files are equal, and a file has up to four attachments.
 */
export async function createRandomWorkspace(em: EntityManager, random: () => number): Promise<RandomWorkspace> {
  const chance = (part: number) => random() < part;
  const oneOf = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)] as Value;
  const users = ['Nora', 'Fee', 'Max', 'Ada'].map((displayName) =>
    em.create(User, { displayName, email: null, isAdmin: false, createdAt }),
  );
  await em.flush();
  const places: Place[] = [];
  for (let index = 0; index < PROJECTS; index += 1) {
    const by = { createdBy: oneOf(users), createdAt };
    const project = em.create(Project, { title: 'P', description: '', maxBytes: null, maxFiles: null, ...by });
    for (const [user, part] of users.map((each, place) => [each, [0, 0.1, 0.8, 0.5][place] as number] as const))
      if (chance(part)) em.create(ProjectMember, { project, user, role: oneOf(projectRoles) });
    const tasks = [1, 2].map(() =>
      em.create(Task, {
        ...{ project, title: 'T', titleKey: 't', description: '', deadline: null, category: null, contact: null },
        ...{ entityType: null, entityId: null, ...by },
      }),
    );
    await em.flush();
    const inside = { projectId: project.id, isPublic: false };
    places.push({ ref: { type: 'Project', id: project.id }, taskId: null, ...inside });
    for (const task of tasks) places.push({ ref: { type: 'Task', id: task.id }, taskId: task.id, ...inside });
  }
  for (let index = 0; index < ENTITIES; index += 1) {
    const type = oneOf(['Contact', 'Case'] as const);
    const shared = { createdBy: oneOf(users), createdAt, isPrivate: chance(0.5) };
    const shareType = type === 'Contact' ? oneOf(shareTypes) : 'READ_WRITE';
    const entity =
      type === 'Contact'
        ? em.create(Contact, { ...shared, shareType, displayName: 'C', isCompany: false })
        : em.create(Case, { ...shared, title: 'C' });
    await em.flush();
    for (const user of users)
      if (chance(0.2))
        em.create(EntityAccess, { entityType: type, entityId: entity.id, user, access: oneOf(accessLevels) });
    const isPublic = isPublicEntity({ isPrivate: shared.isPrivate, shareType });
    places.push({ ref: { type, id: entity.id }, projectId: null, taskId: null, isPublic });
  }
  await em.flush();
  const files = await createFiles(em, places, { chance, oneOf }, users);
  return { users, attachables: places.map(({ ref }) => ref), files };
}

async function createFiles(
  em: EntityManager,
  places: readonly Place[],
  { chance, oneOf }: { chance: (part: number) => boolean; oneOf: <Value>(values: readonly Value[]) => Value },
  users: readonly User[],
): Promise<Row<File>[]> {
  const made = Array.from({ length: FILES }, (_, index) => {
    const at = [...new Set([0, 1, 2, 3].filter(() => chance(0.5)).map(() => oneOf(places)))];
    const by = { id: oneOf(users).id };
    const hasPrimary = at.length > 0 && chance(0.8);
    const row: Omit<Row<File>, 'id'> = {
      ...{ versionGroup: `group ${index}`, version: 1, isNewest: true, hasPrimary, name: 'F' },
      ...{ nameKey: `f${oneOf([1, 2, 3])}`, size: oneOf([0, 5, 7]), contentType: 'text/plain', charset: '' },
      ...{ width: null, height: null, sha256: '', blobKey: `blob ${index}`, status: null, available: chance(0.7) },
      ...{
        createdFrom: 'TASK_PANEL',
        uploadTokenId: null,
        createdBy: by,
        createdAt: new Date(createdAt.getTime() + oneOf([0, 1, 2])),
      },
      ...{ updatedBy: by, updatedAt: createdAt },
    };
    return { row, at };
  });
  const files = await insertRows(
    em,
    File,
    made.map(({ row }) => row),
  );
  const attachments = made.flatMap(({ at }, index) => {
    const { id, available, hasPrimary, createdAt, nameKey, size } = files[index] as Row<File>;
    return at.map(({ ref, ...place }, nth) => ({
      ...{ file: { id }, onType: ref.type, onId: ref.id, available, ...place, createdAt, nameKey, size },
      ...{ isPrimary: hasPrimary && nth === 0, canBePrimary: true },
      ...{ attachedBy: { id: oneOf(users).id }, attachedAt: createdAt },
    }));
  });
  await insertRows(em, Attachment, attachments);
  return files;
}
