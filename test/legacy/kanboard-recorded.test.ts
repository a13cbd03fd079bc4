import { expect, test } from 'vitest';
import { startTestServer } from '../support/server.ts';
import { call, post } from './kanboard.ts';
import recordings from './kanboard-recordings.json' with { type: 'json' };

type Numbers = Map<string, number>;

/** Replaces placeholders of the recording by the ids of this run. */
function filled(value: unknown, numbers: Numbers): unknown {
  if (Array.isArray(value)) return value.map((item) => filled(item, numbers));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, numbers)]));
  const [, name, asText] = /^\{\{(\w+)(\|s)?\}\}$/.exec(String(value)) ?? [];
  if (!name) return value;
  return asText ? String(numbers.get(name)) : numbers.get(name);
}

/** The matcher for a recorded answer: values that differ in each run become patterns. */
function matcher(recorded: unknown, numbers: Numbers): unknown {
  if (Array.isArray(recorded)) return recorded.map((item) => matcher(item, numbers));
  if (typeof recorded === 'object' && recorded !== null)
    return Object.fromEntries(Object.entries(recorded).map(([key, item]) => [key, matcher(item, numbers)]));
  const [, name] = /^<number (\w+)>$/.exec(String(recorded)) ?? [];
  if (recorded === '<new id>' || name === 'now') return expect.any(Number);
  if (name && numbers.has(name)) return numbers.get(name);
  if (recorded === '<etag>') return expect.stringMatching(/^[0-9a-f]{32}$/);
  if (recorded === '<path>') return expect.stringMatching(/^tasks\/\d+\/[0-9a-f]{40}$/);
  return recorded;
}

test('returns the recorded answers of a real Kanboard to twenty requests', async () => {
  await using server = await startTestServer();
  const numbers: Numbers = new Map();
  const made = async (name: string, method: string, params: unknown) =>
    numbers.set(name, (await call<number>(server, method, params)).result ?? 0);
  await made('project', 'createProject', ['A project']);
  await made('otherProject', 'createProject', { name: 'Another' });
  await made('task', 'createTask', ['A task', numbers.get('project')]);
  for (const { name, request, status, answer } of recordings.exchanges) {
    // The request that created the third file is not in the recording.
    if (name.startsWith('list (named)'))
      await made('file3', 'createTaskFile', [numbers.get('project'), numbers.get('task'), 'a.txt', 'YWFhYQ==']);
    const response = await post(server, JSON.stringify(filled(request, numbers)));
    expect([name, response.status]).toEqual([name, status]);
    expect(response.headers.get('content-type')).toBe('application/json');
    const actual = (await response.json()) as { result: unknown };
    const files: Record<string, string> = {
      'create, positional': 'file1',
      'create, named': 'file2',
      'create, ids as strings': 'file4',
      'filename: non-ASCII': 'fileUni',
      'a real png': 'filePng',
    };
    if (files[name]) numbers.set(files[name], actual.result as number);
    expect([name, actual]).toEqual([name, matcher(answer, numbers)]);
  }
  expect(recordings.exchanges).toHaveLength(20);
});
