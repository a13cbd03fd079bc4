import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { blocksOfDocs, root } from '../support/markdown.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/**
 * The blocks of docs/clients/ that set up a program run here as they are, each in an empty folder,
 * with packages of the npm registry.
 */
const setUps = blocksOfDocs().filter(
  ({ place, language, text }) => place.startsWith('docs/clients/') && language === 'sh' && text.includes('~/attache/'),
);

/** What the program of a page prints when it works. */
const printed = (text: string): string => {
  if (text.includes('graphql-ws.ts')) return 'status connected';
  return text.includes('vite') ? 'built in' : 'uploaded ';
};

test('each page of a client has a block that sets it up', () => {
  expect(setUps.map(({ place }) => place.replace(/:\d+$/, ''))).toEqual(
    [
      'apollo-client',
      'curl',
      'graphql-request',
      'graphql-ws',
      'python',
      'relay',
      'tus-and-uppy',
      'tus-and-uppy',
      'urql',
    ].map((name) => `docs/clients/${name}.md`),
  );
});

test.each(setUps.map((block) => [block.place, block.text] as const))(
  '%s works from an empty folder',
  { timeout: 240_000 },
  async (_place, text) => {
    if (text.includes('python3') && !isInstalled('Python')) return;
    await using folder = await temporaryFolder('set-up');
    await using server = await startTestServer();
    const lines = text
      .replaceAll('~/attache', root)
      .replaceAll('http://127.0.0.1:4000', server.url)
      .replaceAll('att_…', server.key)
      .replace(/^npx vite$/m, 'npx vite build')
      .split('\n');
    // Most programs run until they are stopped.
    const program = `timeout 10 ${lines.pop()} || [ $? = 124 ]`;
    // npm needs the settings of its user, such as a registry.
    const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
    const script = ['set -e', ...lines, program].join('\n');
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], { cwd: folder.path, env }).catch(
      (error) => error,
    );
    expect(stdout, stderr).toContain(printed(text));
  },
);
