import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { isInstalled } from '../support/programs.ts';
import { call, signed, startSigningServer } from './worksection-calls.ts';

/**
 * The documented sample, but for the URL and the paths, and with `=>` where it has an invalid `=`.
 */
const sample = `<?php
$curl = curl_init();
curl_setopt($curl, CURLOPT_URL, $argv[1]);
curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
curl_setopt($curl, CURLOPT_POST, true);
curl_setopt($curl, CURLOPT_POSTFIELDS, [
  'attach[0]' => new cURLFile($argv[2], 'application/pdf', 'nice_name1.pdf'),
  'attach[1]' => new cURLFile($argv[3], 'application/pdf', 'nice_name2.pdf'),
]);
$response = json_decode(curl_exec($curl), true);
curl_close($curl);
echo json_encode($response);
`;

test.runIf(isInstalled('PHP'))('the documented PHP sample creates a task with two files', async () => {
  await using server = await startSigningServer();
  const folder = await mkdtemp('/tmp/attache-php-');
  await using _gone = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const [script, ...files] = ['sample.php', 'local_file1.pdf', 'local_file2.pdf'].map((name) => join(folder, name));
  await writeFile(script as string, sample);
  for (const file of files) await writeFile(file, `%PDF-1.4 ${file}`);
  const url = signed(server, 'action=post_task&id_project=1&title=TASK_NAME');
  const { stdout } = await promisify(execFile)('php', [script as string, url, ...files]);
  const { status, data } = JSON.parse(stdout);
  expect([status, data.name]).toEqual(['ok', 'TASK_NAME']);
  const listed = await call(server, `action=get_files&id_task=${data.id}`);
  expect(listed.body.data.map((file: { name: string }) => file.name)).toEqual(['nice_name1.pdf', 'nice_name2.pdf']);
});
