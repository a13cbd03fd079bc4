import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const compiler: string = createRequire(import.meta.url)('relay-compiler');

/** A Relay app: a refetchable paged fragment, mutations that update the store, a subscription. */
const app = `
graphql\`
  query AppQuery($id: ID!) {
    node(id: $id) { id ...Files_task @alias }
    nodes(ids: [$id]) { id __typename }
    projects(first: 10) { edges { node { id title ...Files_project } } }
  }
\`;
graphql\`
  fragment Files_task on Task @refetchable(queryName: "FilesPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    title
    files(first: $count, after: $cursor) @connection(key: "Files_task_files") {
      edges { node { id name size createdBy { displayName } } }
    }
  }
\`;
graphql\`fragment Files_project on Project { files(first: 5) { totalCount edges { node { id } } } }\`;
graphql\`
  mutation UploadMutation($input: UploadTaskFilesInput!, $connections: [ID!]!) {
    uploadTaskFiles(input: $input) {
      fileEdges @appendEdge(connections: $connections) { node { id name } }
      filesCount
      errors { index message }
    }
  }
\`;
graphql\`
  mutation RemoveMutation($input: RemoveFileInput!, $connections: [ID!]!) {
    removeFile(input: $input) {
      removedFileId @deleteEdge(connections: $connections)
      removedFileIds @deleteRecord
    }
  }
\`;
graphql\`
  subscription AddedSubscription($on: ID!, $connections: [ID!]!) {
    fileAdded(on: $on) { fileEdge @appendEdge(connections: $connections) { node { id name } } on { id } }
  }
\`;
`;

test('relay-compiler compiles an app against the schema', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'attache-relay-'));
  try {
    await mkdir(join(folder, 'src'));
    await copyFile('schema.graphql', join(folder, 'schema.graphql'));
    for (const [index, text] of (app.match(/graphql`[^`]+`/g) ?? []).entries()) {
      // Relay requires the operation name to begin with the module name.
      const name = /(?:query|fragment|mutation|subscription) ([A-Za-z]+?)(?:Query|Mutation|Subscription|_\w+)\b/.exec(
        text,
      )?.[1];
      const file = join(folder, 'src', `${index}`, `${name}.ts`);
      await mkdir(join(folder, 'src', `${index}`));
      await writeFile(file, `import { graphql } from 'relay-runtime';\n${text};\n`);
    }
    const config = { src: './src', schema: './schema.graphql', language: 'typescript' };
    await writeFile(join(folder, 'relay.config.json'), JSON.stringify(config));
    const { stdout } = await run(compiler, ['relay.config.json'], { cwd: folder });
    expect(stdout).not.toMatch(/error/i);
    const artifacts = (await readdir(join(folder, 'src'), { recursive: true })).filter((file) =>
      file.endsWith('.graphql.ts'),
    );
    expect(artifacts).toHaveLength(7);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
