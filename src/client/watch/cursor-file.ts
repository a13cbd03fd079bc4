import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientContext } from '../client-command.ts';
import { ClientError } from '../errors.ts';
import { stateFolder, writePrivateFile } from '../folders.ts';

/** Up to where a `watch` has got. */
export interface Position {
  /** The position in the log of events. */
  cursor: string;
  /**
   * While the files are listed that were there at the start: the cursor of the last one, or null
   * before the first one.
   */
  listed?: string | null;
}

export interface CursorFile {
  path: string;
  read(): Promise<Position | undefined>;
  write(position: Position): Promise<void>;
}

/** Opens the file that stores the position of a `watch` of one place on one server. */
export function openCursorFile(
  { env, connection: { url } }: ClientContext,
  on: string,
  path = defaultPath(env, url, on),
): CursorFile {
  return {
    path,
    async read() {
      const text = await readFile(path, 'utf8').catch((error) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      const stored = parse(path, text);
      if (stored.server !== url || stored.on !== on)
        throw new ClientError(`${path} is the position in ${stored.on} of ${stored.server}: name another file.`);
      return { cursor: stored.cursor, ...(stored.listed !== undefined && { listed: stored.listed }) };
    },
    write: (position) => writePrivateFile(path, `${JSON.stringify({ server: url, on, ...position })}\n`),
  };
}

const defaultPath = (env: ClientContext['env'], url: string, on: string): string => {
  const name = createHash('sha256').update(`${url} ${on}`).digest('hex').slice(0, 16);
  return join(stateFolder(env), 'watch', `${on.replace(':', '-')}-${name}.json`);
};

function parse(path: string, text: string): Position & { server: string; on: string } {
  try {
    const stored = JSON.parse(text);
    if (typeof stored.cursor === 'string') return stored;
  } catch {
    // Reported below, as any other content is.
  }
  throw new ClientError(`${path} holds no position: delete it, or name another file.`);
}
