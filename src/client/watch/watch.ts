import { temporaryFailure } from 'attache-client/errors';
import { pause, retryDelayMs } from 'attache-client/retry';
import type { ClientContext, CommonOptions } from '../client-command.ts';
import { ClientError, messageOf } from '../errors.ts';
import { filePages, parsePlace, type RemoteFile } from '../remote-files.ts';
import { type CursorFile, openCursorFile, type Position } from './cursor-file.ts';
import { createHandler, type HandlerOptions, type NewFile } from './handler.ts';
import { createListedFiles, type ListedFiles } from './listed-files.ts';
import { fileAddedEvents } from './subscription.ts';

export interface WatchOptions extends CommonOptions, HandlerOptions {
  cursorFile?: string;
  fromStart: boolean;
}

/**
 * Handles each new file of a place, in order, until it is interrupted. The position is stored after
 * a file is handled, so that each is handled at least once, whenever the process or the server is
 * killed.
 */
export async function watch(context: ClientContext, place: string, options: WatchOptions): Promise<void> {
  const on = parsePlace(place);
  const cursorFile = openCursorFile(context, on, options.cursorFile);
  const handle = await createHandler(context, options);
  const position = (await cursorFile.read()) ?? (await startPosition(context, on, options));
  await cursorFile.write(position);
  const { connection, output } = context;
  output.note(`Watching ${on} on ${connection.url}. The position is in ${cursorFile.path}.`);
  const listed = createListedFiles();
  let { cursor } = await retryIndefinitely(context, () =>
    handleListed(context, on, position, { handle, cursorFile, listed }),
  );
  for (let failures = 0; ; ) {
    try {
      for await (const event of fileAddedEvents(context, on, cursor)) {
        if (!listed.takes(event))
          await handle({ file: event.file, on: event.onId, at: event.at, actor: event.actor, cursor: event.cursor });
        cursor = event.cursor;
        await cursorFile.write({ cursor });
        failures = 0;
      }
    } catch (error) {
      await waitAfter(context, error, failures, cursorFile);
      failures += 1;
    }
  }
}

/** Repeats a step as long as its failures are temporary. */
async function retryIndefinitely<Result>(context: ClientContext, step: () => Promise<Result>): Promise<Result> {
  for (let failures = 0; ; failures++) {
    try {
      return await step();
    } catch (error) {
      await waitAfter(context, error, failures);
    }
  }
}

async function waitAfter(
  { signal, output }: ClientContext,
  error: unknown,
  failures: number,
  cursorFile?: CursorFile,
): Promise<void> {
  signal.throwIfAborted();
  if (error instanceof ClientError && error.code === 'CURSOR_EXPIRED' && cursorFile)
    throw new ClientError(
      `The server no longer has the events after the position in ${cursorFile.path}. ` +
        'Delete it, and watch with --from-start to get every file that is there.',
      { code: error.code, cause: error },
    );
  if (!temporaryFailure(error)) throw error;
  const delayMs = retryDelayMs(error, failures);
  output.note(`${messageOf(error)} Trying again in ${Math.ceil(delayMs / 1000)} s.`);
  await pause(delayMs, signal);
}

/** The position now. With `--from-start`, the files that are there have yet to be listed. */
async function startPosition(context: ClientContext, on: string, { fromStart }: WatchOptions): Promise<Position> {
  return retryIndefinitely(context, async () => {
    for await (const { eventCursor } of filePages(context.connection, on, { signal: context.signal, pageSize: 1 }))
      return { cursor: eventCursor, ...(fromStart && { listed: null }) };
    throw new ClientError(`Not found: ${on}`, { code: 'NOT_FOUND' });
  });
}

interface Listing {
  handle: (file: NewFile) => Promise<void>;
  cursorFile: CursorFile;
  listed: ListedFiles;
}

/**
 * Handles the files that were there at the start, also those below the place, and returns the
 * position of the events.
 */
async function handleListed(
  { connection, signal }: ClientContext,
  on: string,
  position: Position,
  { handle, cursorFile, listed }: Listing,
): Promise<Position> {
  if (position.listed === undefined) return position;
  const { cursor } = position;
  const options = { signal, recursive: true, withPlaces: true, after: position.listed ?? undefined };
  for await (const page of filePages(connection, on, options)) {
    for (const [index, file] of page.files.entries()) {
      await handle(listedFile(file, on, cursor));
      listed.add(file);
      // Kept in the position as well: after a failure, the list continues behind this file.
      position.listed = page.cursors[index] ?? null;
      await cursorFile.write(position);
    }
  }
  await cursorFile.write({ cursor });
  return { cursor };
}

function listedFile({ attachedTo = [], ...file }: RemoteFile, watched: string, cursor: string): NewFile {
  return { file, on: placeOf(attachedTo, watched), at: file.createdAt, cursor };
}

/** What a file is attached to: the place that is watched, or else one below it. */
function placeOf(attachedTo: readonly { id: string }[], watched: string): string {
  const ids = attachedTo.map(({ id }) => id);
  const below = watched.startsWith('Project:') ? ['Task:', 'Comment:'] : ['Comment:'];
  const isBelow = (id: string) => below.some((kind) => id.startsWith(kind));
  return ids.includes(watched) ? watched : (ids.find(isBelow) ?? watched);
}
