import { expect } from 'vitest';
import type { TestServer } from '../support/server.ts';
import { type FileFields, say } from './requests.ts';

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

/** What a project says that it holds, and the same counted anew from its files and their versions. */
export async function usageOf(server: TestServer, projectId = 'Project:1'): Promise<{ told: Usage; counted: Usage }> {
  const query = `query ($projectId: ID!) {
    project(id: $projectId) {
      usedBytes usedFiles files(include: TASKS, first: 100) { nodes { versions { size } } }
    }
  }`;
  const { project } = await say<Answer>(server, query, { projectId });
  const sizes = project.files.nodes.flatMap((file) => file.versions.map((version) => version.size));
  return {
    told: { bytes: project.usedBytes, files: project.usedFiles },
    counted: { bytes: sizes.reduce((sum, size) => sum + size, 0), files: project.files.nodes.length },
  };
}

/** Sets the limits of a project of its own. */
export const limit = (server: TestServer, limits: { maxFiles?: number | null; maxBytes?: number | null }) =>
  say(server, 'mutation ($input: UpdateProjectInput!) { updateProject(input: $input) { project { id } } }', {
    input: { projectId: 'Project:1', ...limits },
  });

export const newProject = async (server: TestServer): Promise<string> =>
  (
    await say<{ createProject: { project: { id: string } } }>(
      server,
      'mutation { createProject(input: { title: "Other" }) { project { id } } }',
    )
  ).createProject.project.id;

/** That a project says so, and that it is so. */
export async function expectUsage(server: TestServer, bytes: number, files: number, projectId?: string): Promise<void> {
  const expected: Usage = { bytes, files };
  expect(await usageOf(server, projectId)).toEqual({ told: expected, counted: expected });
}

/** How many files lie on the disk. */
export const blobs = async (server: TestServer) => {
  const { staging, blobs } = await server.stored();
  return { staging: staging.length, blobs: blobs.length };
};
