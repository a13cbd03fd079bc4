import { contextOf, type RequestContext } from '../context.ts';
import { inChunks } from '../database/chunks.ts';
import type { EntityManager } from '../database/database.ts';
import { Project } from '../database/entities/index.ts';
import { executeUnawaited } from '../database/pipeline.ts';
import { placeholders, type Row, rowsById } from '../database/rows.ts';
import { inFew, lockRows } from '../database/sql.ts';
import { QuotaExceededError } from '../errors.ts';
import { oncePerGroup } from '../events/in-transaction.ts';
import { trackTemporaryUsage } from '../uploads/temporary-usage.ts';
import { quotaOf } from '../workspace/projects.ts';

/** What the files of a project use, or may still use. */
export interface ProjectUsage {
  /** Of all versions. */
  bytes: number;
  /** A file with several versions counts once. */
  files: number;
}

/**
 * Runs a change to where files are attached, or to their versions, and updates the usage of every
 * project that it concerns, in the caller's transaction: by the difference between what the files
 * of these version groups used in each project before and after. A file counts once in a project,
 * however often it is attached there, with the bytes of all its versions. Unattached files count
 * for their user; see `uploads/temporary-usage.ts`.
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
 * As `trackUsage`, for a change by which no file becomes unattached or attached: it skips the
 * users' sums.
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
  // In the order of ids, so that two transactions cannot deadlock.
  for (const project of [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b)) {
    const bytes = (after.get(project)?.bytes ?? 0) - (before.get(project)?.bytes ?? 0);
    const files = (after.get(project)?.files ?? 0) - (before.get(project)?.files ?? 0);
    await addUsage(em, project, { bytes, files });
  }
  return result;
}

/** Adds to the usage of a project, or subtracts from it when negative. */
export async function addUsage(em: EntityManager, projectId: number, { bytes, files }: ProjectUsage): Promise<void> {
  if (bytes === 0 && files === 0) return;
  await executeUnawaited(
    em,
    'update projects set used_bytes = used_bytes + ?, used_files = used_files + ? where id = ?',
    [bytes, files, projectId],
  );
}

async function usageOf(em: EntityManager, versionGroups: readonly string[]): Promise<Map<number, ProjectUsage>> {
  const usage = new Map<number, ProjectUsage>();
  const rows = await inChunks(versionGroups, (chunk) =>
    em.execute<{ project: number; bytes: number | string }[]>(
      `select a.project_id as project, (
         select sum(v.size) from files v where v.version_group = (select f.version_group from files f where f.id = a.file_id)
       ) as bytes
       from attachments a
       where a.file_id ${inFew(em, `select n.id from files n where n.version_group in (${placeholders(chunk)})`)}
         and a.project_id is not null
       group by a.file_id, a.project_id`,
      chunk,
    ),
  );
  for (const { project, bytes } of rows) {
    const sum = usage.get(project) ?? { bytes: 0, files: 0 };
    usage.set(project, { bytes: sum.bytes + Number(bytes), files: sum.files + 1 });
  }
  return usage;
}

/**
 * The remaining quota that all of the projects have, which is the smallest of theirs; infinite
 * without limits. Locks the rows of the projects that have a limit until the transaction ends.
 * `reservedIn` returns what unfinished uploads reserve in them, by project id.
 */
export async function remainingQuota(
  request: RequestContext,
  projectIds: readonly number[],
  reservedIn: (limited: readonly number[]) => Promise<ReadonlyMap<number, ProjectUsage>> = async () => new Map(),
): Promise<ProjectUsage> {
  const ctx = contextOf(request);
  const isLimited = (project: Row<Project>) => Object.values(quotaOf(ctx, project)).some((limit) => limit !== null);
  const limited = await oncePerGroup(ctx, `limited projects ${projectIds}`, async () =>
    (await rowsById(ctx.em, Project, projectIds)).filter(isLimited).map(({ id }) => id),
  );
  await lockRows(ctx.em, 'projects', limited, 'no key update');
  const quota = { bytes: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY };
  const reserved = await reservedIn(limited);
  for (const project of await rowsById(ctx.em, Project, limited)) {
    const { bytes, files } = quotaOf(ctx, project);
    const held = reserved.get(project.id) ?? { bytes: 0, files: 0 };
    if (bytes !== null) quota.bytes = Math.min(quota.bytes, bytes - project.usedBytes - held.bytes);
    if (files !== null) quota.files = Math.min(quota.files, files - project.usedFiles - held.files);
  }
  return quota;
}

/**
 * Subtracts a file from the quota; with `files` 0, a next version of a file that is counted.
 * Returns an error, and subtracts nothing, when it does not fit.
 */
export function reserveQuota(
  quota: ProjectUsage,
  file: { name: string; size: number },
  files = 1,
): QuotaExceededError | undefined {
  if (quota.files < files)
    return new QuotaExceededError(`${file.name} does not fit: the project has its maximum number of files.`);
  if (quota.bytes < file.size) {
    return new QuotaExceededError(
      `${file.name} does not fit: it has ${file.size} bytes, and the project may take ${Math.max(0, quota.bytes)} more.`,
    );
  }
  quota.files -= files;
  quota.bytes -= file.size;
  return undefined;
}

/** The bytes of all versions of each file, by version group. */
export async function versionBytesOf(
  em: EntityManager,
  versionGroups: readonly string[],
): Promise<Map<string, number>> {
  const rows = await inChunks(versionGroups, (chunk) =>
    em.execute<{ version_group: string; bytes: number | string }[]>(
      `select version_group, sum(size) as bytes from files
       where version_group in (${placeholders(chunk)}) group by version_group`,
      chunk,
    ),
  );
  return new Map(rows.map((row) => [row.version_group, Number(row.bytes)]));
}

/** Those of the files that are attached to the project, or to a task or comment in it. */
export async function filesInProject(
  em: EntityManager,
  projectId: number,
  fileIds: readonly number[],
): Promise<Set<number>> {
  const rows = await inChunks(fileIds, (chunk) =>
    em.execute<{ id: number }[]>(
      `select distinct file_id as id from attachments
       where project_id = ? and file_id in (${placeholders(chunk)})`,
      [projectId, ...chunk],
    ),
  );
  return new Set(rows.map(({ id }) => id));
}
