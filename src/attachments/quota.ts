import type { Context } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import { Project } from '../database/entities/index.ts';
import type { EntityManager } from '../database/open.ts';
import { placeholders, type Row, rowsById } from '../database/rows.ts';
import { inFew, lockRows } from '../database/sql.ts';
import { QuotaExceededError } from '../errors.ts';
import { trackTemporaryUsage } from '../uploads/temporary-usage.ts';
import { limitsOf } from '../workspace/projects.ts';

/** What a project holds, or could hold. */
export interface ProjectUsage {
  bytes: number;
  files: number;
}

/**
 * Runs a change to where files hang, or to their versions, and keeps the count of every project
 * that it concerns, inside the caller's transaction: what the files of these version groups were to each
 * project before, and what they are after. A file counts once in a project, wherever it hangs
 * there, with the bytes of all its versions. What is attached to nothing counts for its user; see
 * `temporary.ts`.
 */
export async function trackUsage<T>(
  em: EntityManager,
  versionGroups: readonly string[],
  change: () => Promise<T>,
): Promise<T> {
  await em.flush();
  return trackTemporaryUsage(em, versionGroups, () => trackProjectUsage(em, versionGroups, change));
}

/**
 * The same for a change after which none of the files is unattached that was attached before it, or
 * the reverse.
 */
export async function trackProjectUsage<T>(
  em: EntityManager,
  versionGroups: readonly string[],
  change: () => Promise<T>,
): Promise<T> {
  await em.flush();
  const before = await usageOf(em, versionGroups);
  const result = await change();
  await em.flush();
  const after = await usageOf(em, versionGroups);
  // In the order of ids, so that two transactions cannot wait for each other.
  for (const project of [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b)) {
    const bytes = (after.get(project)?.bytes ?? 0) - (before.get(project)?.bytes ?? 0);
    const files = (after.get(project)?.files ?? 0) - (before.get(project)?.files ?? 0);
    await addUsage(em, project, { bytes, files });
  }
  return result;
}

/** Counts what a project holds more than before, or less. */
export async function addUsage(em: EntityManager, projectId: number, { bytes, files }: ProjectUsage): Promise<void> {
  if (bytes === 0 && files === 0) return;
  await em.execute('update projects set used_bytes = used_bytes + ?, used_files = used_files + ? where id = ?', [
    bytes,
    files,
    projectId,
  ]);
}

async function usageOf(em: EntityManager, versionGroups: readonly string[]): Promise<Map<number, ProjectUsage>> {
  const usage = new Map<number, ProjectUsage>();
  const rows = await inChunks(versionGroups, (some) =>
    em.execute<{ project: number; bytes: number | string }[]>(
      `select a.project_id as project, (
         select sum(v.size) from files v where v.version_group = (select f.version_group from files f where f.id = a.file_id)
       ) as bytes
       from attachments a
       where a.file_id ${inFew(em, `select n.id from files n where n.version_group in (${placeholders(some)})`)}
         and a.project_id is not null
       group by a.file_id, a.project_id`,
      some,
    ),
  );
  for (const { project, bytes } of rows) {
    const sum = usage.get(project) ?? { bytes: 0, files: 0 };
    usage.set(project, { bytes: sum.bytes + Number(bytes), files: sum.files + 1 });
  }
  return usage;
}

/**
 * What the projects can still take, each for itself; the least of it. Locks the rows of those that
 * have a limit, for the transaction: others wait for each other no longer than it takes to count.
 * `reservedIn` says what of it is reserved.
 */
export async function remainingQuota(
  ctx: Context,
  projectIds: readonly number[],
  reservedIn: (limited: readonly number[]) => Promise<ReadonlyMap<number, ProjectUsage>> = async () => new Map(),
): Promise<ProjectUsage> {
  const isLimited = (project: Row<Project>) => Object.values(limitsOf(ctx, project)).some((limit) => limit !== null);
  const limited = (await rowsById(ctx.em, Project, projectIds)).filter(isLimited).map(({ id }) => id);
  await lockRows(ctx.em, 'projects', limited, 'no key update');
  const room = { bytes: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY };
  const reserved = await reservedIn(limited);
  for (const project of await rowsById(ctx.em, Project, limited)) {
    const { bytes, files } = limitsOf(ctx, project);
    const taken = reserved.get(project.id) ?? { bytes: 0, files: 0 };
    if (bytes !== null) room.bytes = Math.min(room.bytes, bytes - project.usedBytes - taken.bytes);
    if (files !== null) room.files = Math.min(room.files, files - project.usedFiles - taken.files);
  }
  return room;
}

/** Takes room for one more file, or says why there is none. */
export function reserveQuota(
  room: ProjectUsage,
  file: { name: string; size: number },
  files = 1,
): QuotaExceededError | undefined {
  if (room.files < files)
    return new QuotaExceededError(`${file.name} does not fit: the project holds as many files as it may.`);
  if (room.bytes < file.size) {
    return new QuotaExceededError(
      `${file.name} does not fit: it has ${file.size} bytes, and the project may take ${Math.max(0, room.bytes)} more.`,
    );
  }
  room.files -= files;
  room.bytes -= file.size;
  return undefined;
}

/** Bytes of all versions of the files of these version groups. */
export async function versionBytesOf(
  em: EntityManager,
  versionGroups: readonly string[],
): Promise<Map<string, number>> {
  const rows = await inChunks(versionGroups, (some) =>
    em.execute<{ version_group: string; bytes: number | string }[]>(
      `select version_group, sum(size) as bytes from files where version_group in (${some.map(() => '?').join(', ')}) group by version_group`,
      some,
    ),
  );
  return new Map(rows.map((row) => [row.version_group, Number(row.bytes)]));
}

/** Those of the files that hang on the project, or on something in it. */
export async function filesInProject(
  em: EntityManager,
  projectId: number,
  fileIds: readonly number[],
): Promise<Set<number>> {
  const rows = await inChunks(fileIds, (some) =>
    em.execute<{ id: number }[]>(
      `select distinct file_id as id from attachments
       where project_id = ? and file_id in (${some.map(() => '?').join(', ')})`,
      [projectId, ...some],
    ),
  );
  return new Set(rows.map(({ id }) => id));
}
