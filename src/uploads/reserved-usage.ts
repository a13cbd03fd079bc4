import type { ProjectUsage } from '../attachments/quota.ts';
import { inChunks } from '../database/chunks.ts';
import type { EntityManager } from '../database/database.ts';
import { placeholders } from '../database/rows.ts';

/**
 * What unfinished uploads reserve in these projects, by project id, without the upload `exceptId`.
 */
export async function reservedUsage(
  em: EntityManager,
  projectIds: readonly number[],
  exceptId = '',
): Promise<ReadonlyMap<number, ProjectUsage>> {
  type Found = { project: number; bytes: number | string; files: number | string };
  const rows = await inChunks(projectIds, (chunk) =>
    em.execute<Found[]>(
      `select r.project_id as project, sum(u.reserved) as bytes, sum(r.files) as files
     from upload_reservations r join resumable_uploads u on u.id = r.upload_id
     where r.project_id in (${placeholders(chunk)}) and r.upload_id <> ? group by r.project_id`,
      [...chunk, exceptId],
    ),
  );
  return new Map(rows.map((row) => [row.project, { bytes: Number(row.bytes), files: Number(row.files) }]));
}
