import type { Right } from './rights.ts';
import type { World } from './world.ts';

/** An operation of a transport that is not GraphQL. */
export interface TransportCase {
  right: Right;
  /** Prepares what the request is about, and returns the request. */
  prepare(world: World): Promise<(key: string) => Promise<string>>;
  /** Whether the protocol has one refusal for what is hidden and what is forbidden. */
  isVague?: boolean;
}

export const numberIn = (id: string) => Number(id.split(':')[1]);
export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

const words: Readonly<Record<number, string>> = {
  ...{ 200: 'done', 201: 'done', 204: 'done', 206: 'done', 409: 'done' },
  ...{ 401: 'UNAUTHENTICATED', 403: 'FORBIDDEN', 404: 'NOT_FOUND' },
};
export const word = (status: number): string => words[status] ?? String(status);

export const http = (right: Right, path: (world: World) => Promise<string>, init: RequestInit = {}): TransportCase => ({
  right,
  async prepare(world) {
    const url = world.server.url + (await path(world));
    return async (key) => {
      const response = await fetch(url, { ...init, headers: { ...bearer(key), ...init.headers } });
      await response.arrayBuffer();
      return word(response.status);
    };
  },
});

export const fileNumber = async (world: World) => (await world.file()).databaseId;
export const taskNumber = async (world: World) => numberIn(await world.task());

/** A file on a task of its own, or on the project. */
export const placed = async (world: World, on?: string) => {
  const place = on ?? (await world.task());
  return { place, file: await world.file(place) };
};
