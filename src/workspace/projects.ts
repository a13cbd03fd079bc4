import type { EntityData } from '@mikro-orm/core';
import { changedFields } from '../audit/audit-entry.ts';
import { assertAdminScope, assertWriteScope } from '../auth/require-scope.ts';
import { contextOf, type RequestContext } from '../context.ts';
import { Project, ProjectMember, User } from '../database/entities/index.ts';
import { rowsById } from '../database/rows.ts';
import { searchKey } from '../database/search-key.ts';
import { inTransaction } from '../events/in-transaction.ts';
import { loadAttachable } from './attachable.ts';
import { authorizeManage, loadForUpdate } from './authorize.ts';
import { grantedProjects, matching, titleConditions } from './granted-ids.ts';
import { authorship, type Listing, listing, listingOfIds } from './listing.ts';
import { assertTexts } from './texts.ts';

/**
 * Creates a project, of which the viewer becomes an owner. Throws `ForbiddenError` for a key that
 * may only read, and `BadUserInputError` for a text that is too long.
 */
export async function createProject(
  ctx: RequestContext,
  input: { title: string; description: string },
): Promise<Project> {
  assertWriteScope(ctx.viewer);
  assertTexts(input);
  return inTransaction(ctx, async (tx) => {
    const { em } = tx;
    const project = em.create(Project, { ...input, titleKey: searchKey(input.title), ...authorship(tx) });
    em.create(ProjectMember, { project, user: em.getReference(User, ctx.viewer.userId), role: 'OWNER' });
    await em.flush();
    tx.audit({ action: 'PROJECT_CREATED', target: `Project:${project.id}` });
    return project;
  });
}

/** The fields of a project to change; omitted fields keep their values. */
export interface ProjectFields {
  title?: string | undefined;
  description?: string | undefined;
  /** Limits of bytes and files; null for the limits of every project. */
  maxBytes?: number | null | undefined;
  maxFiles?: number | null | undefined;
}

/**
 * Changes the given fields of a project: owners change its fields, administrators its limits.
 * Stored files remain, even above a new limit. Throws `NotFoundError`, `ForbiddenError`, and
 * `BadUserInputError` for a text that is too long.
 */
export async function updateProject(request: RequestContext, id: number, change: ProjectFields): Promise<Project> {
  const ctx = contextOf(request);
  const ref = { type: 'Project', id } as const;
  const { maxBytes, maxFiles, ...fields } = change;
  assertTexts(fields);
  const isQuota = maxBytes !== undefined || maxFiles !== undefined;
  return inTransaction(ctx, async (tx) => {
    await loadAttachable(tx, ref);
    if (isQuota) assertAdminScope(ctx.viewer, 'set the quota of a project');
    const project = await loadForUpdate<Project>(tx, await authorizeManage(tx, ref));
    tx.em.assign(project, change as EntityData<Project>, { ignoreUndefined: true });
    if (fields.title !== undefined) project.titleKey = searchKey(fields.title);
    const target = `Project:${id}`;
    if (changedFields(fields))
      tx.audit({ action: 'PROJECT_UPDATED', target, details: { fields: changedFields(fields) } });
    if (isQuota) {
      const quota = { maxBytes: project.maxBytes ?? null, maxFiles: project.maxFiles ?? null };
      tx.audit({ action: 'PROJECT_QUOTA_CHANGED', target, details: quota });
    }
    return project;
  });
}

/**
 * Every project that the viewer is a member of; for an administrator, every project. With a text,
 * only those whose title contains it, ignoring case.
 */
export function listProjects(request: RequestContext, titleContains?: string): Listing<Project> {
  const ctx = contextOf(request);
  const conditions = titleConditions(titleContains);
  if (!ctx.viewer.isAdmin) return listingOfIds(ctx, Project, grantedProjects(ctx, ctx.viewer.userId, conditions));
  if (conditions.length > 0) return listingOfIds(ctx, Project, matching(ctx, 'projects', conditions));
  return listing(ctx, Project, {});
}

/**
 * The usage of projects, by project. It is always read, because statements outside of the unit of
 * work change it.
 */
export async function usageOf(
  request: RequestContext,
  ids: readonly number[],
): Promise<Map<number, { bytes: number; files: number }>> {
  const ctx = contextOf(request);
  const rows = await rowsById(ctx.em, Project, ids);
  return new Map(rows.map((row) => [row.id, { bytes: row.usedBytes, files: row.usedFiles }]));
}

/** The limits of a project; null for none. */
export function quotaOf(
  request: RequestContext,
  project: Pick<Project, 'maxBytes' | 'maxFiles'>,
): { bytes: number | null; files: number | null } {
  const { limits } = contextOf(request);
  const finite = (limit: number) => (Number.isFinite(limit) ? limit : null);
  return {
    bytes: project.maxBytes ?? finite(limits.maxProjectBytes),
    files: project.maxFiles ?? finite(limits.maxProjectFiles),
  };
}
