import * as policy from '../../src/auth/permissions.ts';
import type { EntityManager } from '../../src/database/database.ts';
import {
  type AttachableRef,
  type AttachableType,
  Attachment,
  accessLevels,
  attachableTypes,
  Case,
  Comment,
  Contact,
  EntityAccess,
  type EntityType,
  entityTypes,
  File,
  Opportunity,
  Project,
  ProjectMember,
  projectRoles,
  shareTypes,
  Task,
  User,
} from '../../src/database/entities/index.ts';
import { insertRows } from '../../src/database/insert-rows.ts';
import type { Row } from '../../src/database/rows.ts';

/**
 * Every attachable type in every state that the rules distinguish, and files in every state on
 * them.
 */

/** An attachable in one state, and the rights that the policy grants on it. */
export interface AttachableState {
  ref: AttachableRef;
  title: string;
  rights(viewer: policy.Viewer): { canSee: boolean; isEditor: boolean; canEdit: boolean; canManage: boolean };
  place: { projectId: number | null; taskId: number | null; isPublic: boolean };
}

export interface Users {
  /** The user whose rights are checked. */
  user: User;
  other: User;
}

const createdAt = new Date('2026-11-27T14:30:00Z');
/** Creates the users, the attachables and the files. */
export async function createStates(
  em: EntityManager,
): Promise<Users & { attachables: AttachableState[]; files: FileState[] }> {
  const [user, other] = ['Vera', 'Olaf'].map((displayName) =>
    em.create(User, { displayName, email: null, isAdmin: false, createdAt }),
  ) as [User, User];
  await em.flush();
  const cast = { user, other };
  const attachables: AttachableState[] = [];
  for (const type of attachableTypes) attachables.push(...(await statesOf[type](em, cast)));
  return { ...cast, attachables, files: await createFiles(em, cast, attachables) };
}

/** `former`: the user created the project and is no longer a member. */
const memberships = [undefined, 'former', ...projectRoles] as const;

/** Every state of each type. The compiler reports a missing type. */
const statesOf: Record<AttachableType, (em: EntityManager, cast: Users) => Promise<AttachableState[]>> = {
  Project: (em, cast) => inProjects(em, cast, async (project) => ({ type: 'Project', id: project.id })),
  Task: (em, cast) =>
    inProjects(em, cast, async (project) => ({ type: 'Task', id: (await newTask(em, cast, project)).id })),
  Comment: (em, cast) =>
    inProjects(em, cast, async (project) => {
      const comment = em.create(Comment, {
        body: 'C',
        task: await newTask(em, cast, project),
        createdBy: cast.user,
        createdAt,
      });
      await em.flush();
      return { type: 'Comment', id: comment.id };
    }),
  Contact: (em, cast) =>
    asEntities('Contact', em, cast, shareTypes, (row, shareType) =>
      em.create(Contact, { ...row, shareType, displayName: 'C', isCompany: false }),
    ),
  Opportunity: (em, cast) =>
    asEntities('Opportunity', em, cast, ['READ_WRITE'], (row) => em.create(Opportunity, { ...row, title: 'O' })),
  Case: (em, cast) => asEntities('Case', em, cast, ['READ_WRITE'], (row) => em.create(Case, { ...row, title: 'C' })),
};

async function newTask(em: EntityManager, { user }: Users, project: Project): Promise<Task> {
  const task = em.create(Task, {
    ...{ project, title: 'T', titleKey: 't', description: '', deadline: null, category: null, contact: null },
    ...{ entityType: null, entityId: null, createdBy: user, createdAt },
  });
  await em.flush();
  return task;
}

async function inProjects(
  em: EntityManager,
  { user, other }: Users,
  create: (project: Project) => Promise<AttachableRef>,
): Promise<AttachableState[]> {
  const made: AttachableState[] = [];
  for (const membership of memberships) {
    const createdBy = membership === 'former' ? user : other;
    const project = em.create(Project, {
      title: 'P',
      description: '',
      maxBytes: null,
      maxFiles: null,
      createdBy,
      createdAt,
    });
    const role = membership === 'former' ? undefined : membership;
    if (role) em.create(ProjectMember, { project, user, role });
    em.create(ProjectMember, { project, user: other, role: 'OWNER' });
    await em.flush();
    const ref = await create(project);
    const taskId = ref.type === 'Task' ? ref.id : null;
    made.push({
      ref,
      title: `${ref.type} · ${membership ?? 'no member'}`,
      place: { projectId: project.id, taskId, isPublic: false },
      rights: (viewer) => ({
        canSee: policy.canSeeProject(viewer, role),
        isEditor: policy.isEditorOfProject(viewer, role),
        canEdit: policy.canEditProject(viewer, role),
        canManage: policy.canManageProject(viewer, role),
      }),
    });
  }
  return made;
}

async function asEntities<ShareType extends policy.EntityFacts['shareType']>(
  type: EntityType,
  em: EntityManager,
  { user, other }: Users,
  shares: readonly ShareType[],
  create: (row: { createdBy: User; isPrivate: boolean; createdAt: Date }, shareType: ShareType) => { id: number },
): Promise<AttachableState[]> {
  const made: AttachableState[] = [];
  // The order differs for each type, so that entities of two types with one id differ in access.
  const rotation = entityTypes.indexOf(type);
  const levels = [undefined, ...accessLevels, undefined, ...accessLevels].slice(rotation, rotation + 3);
  for (const createdBy of [user, other])
    for (const isPrivate of [false, true])
      for (const shareType of shares)
        for (const access of levels) {
          const row = create({ createdBy, isPrivate, createdAt }, shareType);
          await em.flush();
          const entry = { entityType: type, entityId: row.id };
          if (access) em.create(EntityAccess, { ...entry, user, access });
          // Access of other users grants the viewer nothing.
          em.create(EntityAccess, { ...entry, user: other, access: 'READ_WRITE' });
          await em.flush();
          const facts = { createdBy: createdBy.id, isPrivate, shareType, access };
          made.push({
            ref: { type, id: row.id },
            title: [
              type,
              createdBy === user ? 'own' : 'of another',
              isPrivate ? 'private' : shareType,
              access ? `${access} entry` : 'no entry',
            ].join(' · '),
            place: { projectId: null, taskId: null, isPublic: policy.isPublicEntity(facts) },
            rights: (viewer) => ({
              canSee: policy.canSeeEntity(viewer, facts),
              isEditor: policy.isEditorOfEntity(viewer, facts),
              canEdit: policy.canEditEntity(viewer, facts),
              canManage: policy.canManageEntity(viewer, facts),
            }),
          });
        }
  return made;
}

/**
 * A file and what it is attached to: `primary` is its primary attachment, `undefined` when it has
 * none.
 */
export interface FileState {
  id: number;
  createdBy: number;
  available: boolean;
  primary: AttachableState | undefined;
  others: AttachableState[];
}

/**
 * On every attachable: files of the viewer and of another user, available or not, with and without
 * the primary attachment there, some also attached elsewhere.
 */
async function createFiles(
  em: EntityManager,
  { user, other }: Users,
  attachables: readonly AttachableState[],
): Promise<FileState[]> {
  const viewer = { userId: user.id, isAdmin: false, scope: 'WRITE' } as const;
  const hidden = attachables.find((one) => !one.rights(viewer).canSee) as AttachableState;
  const visible = attachables.find(
    (one) => one.rights(viewer).canSee && !one.rights(viewer).isEditor,
  ) as AttachableState;
  const edited = attachables.find((one) => one.rights(viewer).isEditor) as AttachableState;
  const states: Omit<FileState, 'id'>[] = [];
  for (const createdBy of [user.id, other.id])
    for (const available of [true, false]) {
      states.push({ createdBy, available, primary: undefined, others: [] });
      for (const one of attachables) {
        states.push({ createdBy, available, primary: undefined, others: [one] });
        for (const elsewhere of [undefined, hidden, visible, edited])
          if (elsewhere !== one)
            states.push({ createdBy, available, primary: one, others: elsewhere ? [elsewhere] : [] });
      }
    }
  const rows = await insertRows(em, File, states.map(fileRow));
  const made = states.map((state, index) => ({ ...state, id: rows[index]?.id as number }));
  const attachments = made.flatMap(({ primary, others }, index) => {
    const file = rows[index] as Row<File>;
    const row = (one: AttachableState, isPrimary: boolean) => attachmentRow(other, file, one, isPrimary);
    return [...(primary ? [row(primary, true)] : []), ...others.map((one) => row(one, false))];
  });
  await insertRows(em, Attachment, attachments);
  return made;
}

const fileRow = ({ createdBy, available, primary }: Omit<FileState, 'id'>, index: number): Omit<Row<File>, 'id'> => ({
  ...{ versionGroup: `group ${index}`, version: 1, isNewest: true, name: 'F' },
  // Many files are equal in each order.
  ...{ nameKey: `f${index % 7}`, size: index % 5, createdAt: new Date(createdAt.getTime() + (index % 3) * 1000) },
  ...{ contentType: 'text/plain', charset: '', width: null, height: null, sha256: '', blobKey: `blob ${index}` },
  ...{ hasPrimary: primary !== undefined, status: null, available, createdFrom: 'TASK_PANEL', uploadTokenId: null },
  createdBy: { id: createdBy },
  ...{ updatedBy: { id: createdBy }, updatedAt: createdAt },
});

const attachmentRow = (
  by: User,
  { id, available, createdAt, nameKey, size }: Row<File>,
  { ref, place }: AttachableState,
  isPrimary: boolean,
) => ({
  ...{ file: { id }, onType: ref.type, onId: ref.id, available, isPrimary, canBePrimary: true, ...place },
  ...{ createdAt, nameKey, size, attachedBy: { id: by.id }, attachedAt: createdAt },
});

/** Whether the policy shows a file to the viewer. */
export function isFileVisible(viewer: policy.Viewer, { createdBy, available, primary, others }: FileState): boolean {
  const rightsOf = (one: AttachableState) => one.rights(viewer);
  const all = [...(primary ? [primary] : []), ...others].map(rightsOf);
  const onPrimary = primary && rightsOf(primary);
  return policy.canSeeFile(
    viewer,
    { createdBy, available },
    {
      primary: !onPrimary ? 'NONE' : !onPrimary.canSee ? 'HIDDEN' : onPrimary.isEditor ? 'EDITED' : 'SEEN',
      seesOne: all.some(({ canSee }) => canSee),
      hidesOne: all.some(({ canSee }) => !canSee),
      editsAll: all.length > 0 && all.every(({ isEditor }) => isEditor),
    },
  );
}
