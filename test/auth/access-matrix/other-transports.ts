import { metadata, piece, tus } from '../../http/tus/client.ts';
import { olderApis } from './older-apis.ts';
import type { Right } from './rights.ts';
import { fileNumber, http, placed, type TransportCase, word } from './transport-case.ts';
import type { World } from './world.ts';

const tusCase = (
  right: Right,
  request: (world: World) => Promise<[method: string, path: string, headers?: Record<string, string>, body?: string]>,
): TransportCase => ({
  right,
  async prepare(world) {
    const [method, path, headers, body] = await request(world);
    return async (key) => word((await tus({ url: world.server.url, key }, method, path, headers, body)).status);
  },
});
const created = (pairs: Record<string, string>) => ({
  'upload-length': '1',
  'upload-metadata': metadata({ filename: 'a', ...pairs }),
});

const downloads: Readonly<Record<string, TransportCase>> = {
  'GET content': http('see', async (world) => `/files/${await fileNumber(world)}/content`),
  'HEAD content': http('see', async (world) => `/files/${await fileNumber(world)}/content`, { method: 'HEAD' }),
  'GET a range': http('see', async (world) => `/files/${await fileNumber(world)}/content`, {
    headers: { range: 'bytes=0-1' },
  }),
  thumbnail: http('see', async (world) => `/files/${await fileNumber(world)}/thumbnail`),
  'ZIP of a task': http('see', async (world) => `/files/zip?on=${(await placed(world)).place}`),
  'ZIP of chosen files': http(
    'see',
    async (world) => `/files/zip?files=${(await world.file()).id.replace('File:', '')}`,
  ),
  'ZIP of an entity': http('see', async (world) => `/files/zip?on=${await world.entity()}`),
};

const tusCases: Readonly<Record<string, TransportCase>> = {
  'tus POST to a task': tusCase('edit', async (world) => ['POST', '/uploads', created({ on: await world.task() })]),
  'tus POST to an entity': tusCase('edit', async (world) => [
    'POST',
    '/uploads',
    created({ on: await world.entity() }),
  ]),
  'tus POST of a version': tusCase('edit', async (world) => [
    'POST',
    '/uploads',
    created({ parentId: (await world.file()).id }),
  ]),
  'tus POST of nothing attached': tusCase('write', async () => ['POST', '/uploads', created({})]),
  'tus HEAD': tusCase('foreign', async (world) => ['HEAD', await world.uploadPath()]),
  'tus GET': tusCase('foreign', async (world) => ['GET', await world.uploadPath()]),
  'tus PATCH': tusCase('foreign', async (world) => ['PATCH', await world.uploadPath(), piece(0), 'abcdefgh']),
  'tus DELETE': tusCase('foreign', async (world) => ['DELETE', await world.uploadPath()]),
};

/** Every operation outside of GraphQL. */
export const otherTransports: Readonly<Record<string, TransportCase>> = { ...downloads, ...tusCases, ...olderApis };
