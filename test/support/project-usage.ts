import { expect } from 'vitest';
import { ask } from './client.ts';
import { runSql } from './database.ts';
import type { FileFields } from './files.ts';
import type { TestServer } from './server.ts';

export interface Usage {
  bytes: number;
  files: number;
}

interface Answer {
  project: {
    usedBytes: number;
    usedFiles: number;
    files: { nodes: { versions: Pick<FileFields, 'size'>[] }[] };
  };
}

/** The usage that a project reports, and the usage counted from its files and their versions. */
export async function usageOf(
  server: TestServer,
  projectId = 'Project:1',
): Promise<{ reported: Usage; counted: Usage }> {
  const query = `query ($projectId: ID!) {
    project(id: $projectId) {
      usedBytes usedFiles files(include: TASKS, first: 100) { nodes { versions { size } } }
    }
  }`;
  const { project } = await ask<Answer>(server, query, { projectId });
  const sizes = project.files.nodes.flatMap((file) => file.versions.map((version) => version.size));
  return {
    reported: { bytes: project.usedBytes, files: project.usedFiles },
    counted: { bytes: sizes.reduce((sum, size) => sum + size, 0), files: project.files.nodes.length },
  };
}

/** Sets the quota of the first project. */
export const limit = (server: TestServer, limits: { maxFiles?: number | null; maxBytes?: number | null }) =>
  ask(server, 'mutation ($input: UpdateProjectInput!) { updateProject(input: $input) { project { id } } }', {
    input: { projectId: 'Project:1', ...limits },
  });

export const newProject = async (server: TestServer): Promise<string> =>
  (
    await ask<{ createProject: { project: { id: string } } }>(
      server,
      'mutation { createProject(input: { title: "Other" }) { project { id } } }',
    )
  ).createProject.project.id;

/** The stored usage of temporary files of a user in bytes, or of all users with id 0. */
export async function temporaryOf({ dataDir }: TestServer, userId: number): Promise<number> {
  const sql = 'select bytes from temporary_usage where user_id = ?';
  const [row] = await runSql<{ bytes: number | string }>(dataDir, sql, userId);
  return Number(row?.bytes ?? 0);
}

/**
 * Expects that the stored usage of unfinished uploads and unattached files equals the counted one,
 * for each user and in total.
 */
export async function expectTemporary({ dataDir }: TestServer): Promise<void> {
  const counted = await runSql<{ user_id: number; bytes: number | string }>(
    dataDir,
    `select user_id, sum(case when bytes < 4096 then 4096 else bytes end) as bytes from (
       select user_id, reserved as bytes from resumable_uploads
       where is_finished = false or url_expires_at is not null
       union all
       select created_by_id as user_id, size as bytes from files f where not exists (
         select 1 from attachments a join files n on n.id = a.file_id where n.version_group = f.version_group)
     ) stored group by user_id order by user_id`,
  );
  const sql = 'select user_id, bytes from temporary_usage where bytes <> 0 and user_id <> 0 order by user_id';
  const kept = await runSql<{ user_id: number; bytes: number | string }>(dataDir, sql);
  const numbers = (rows: typeof kept) => rows.map((row) => [row.user_id, Number(row.bytes)] as const);
  expect(numbers(kept)).toEqual(numbers(counted));
  const all = numbers(counted).reduce((sum, [, bytes]) => sum + bytes, 0);
  expect(await temporaryOf({ dataDir } as TestServer, 0)).toBe(all);
}

/** Expects that a project reports this usage, and that counting results in the same. */
export async function expectUsage(server: TestServer, bytes: number, files: number, projectId?: string): Promise<void> {
  const expected: Usage = { bytes, files };
  expect(await usageOf(server, projectId)).toEqual({ reported: expected, counted: expected });
  await expectTemporary(server);
}

/** The number of files in the storage. */
export const blobs = async (server: TestServer) => {
  const { staging, blobs } = await server.stored();
  return { staging: staging.length, blobs: blobs.length };
};
