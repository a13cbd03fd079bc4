import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { readDeploy } from '../support/deploy.ts';
import { imageConfig } from '../support/dockerfile.ts';
import { startTestServer } from '../support/server.ts';

const dockerfile = readDeploy('docker/Dockerfile');

test('the linter finds nothing in the Dockerfile', () => {
  expect(validate(dockerfile).map(({ range, message }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  expect(validate(dockerfile.replace('--interval', '--intervall'))).toHaveLength(1);
});

test('the image runs without root, and stores its data in its volume alone', () => {
  const { user, env, volume, port } = imageConfig();
  expect(user).toBe('node');
  expect(env.DATA_DIR).toBe(volume);
  expect(Number(env.PORT)).toBe(port);
  expect(env.NODE_COMPILE_CACHE).toMatch(/^\/tmp\//);
  // Nothing of the sources and of the packages that build them.
  expect(dockerfile.match(/^COPY .*/gm)?.at(-1)).toBe('COPY --from=build /app /app');
});

test('the health check reads a path that a server answers', async () => {
  await using server = await startTestServer();
  const [, path = ''] = /'(\/health\/\w+)'/.exec(imageConfig().healthCheck.join(' ')) ?? [];
  expect((await fetch(new URL(path, server.url))).status).toBe(200);
});
