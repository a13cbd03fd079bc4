import type { Context } from '../../context.ts';
import type { AttachableRef, EntityRef, File, HistoryEvent } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { authorizeForm } from '../../uploads/authorize-upload.ts';
import type { ReceivedFile, ReceiveOutcome } from '../../uploads/receive.ts';
import { bringFiles } from '../../uploads/upload-files.ts';
import { recordHistory } from '../../workspace/history.ts';
import { readGiven } from './file-ids.ts';
import { encodeHistoryEvent } from './history-event.ts';
import type { Call } from './index.ts';
import { encodeTask } from './task.ts';

/** What the history of an entity says there, too. */
const CONTENT = 'File upload';

/** Hangs stored files, and those that a form carries, on a task or an entity: all of them, or none. */
export async function attach({ options, ctx, request, route: { on } }: Call): Promise<unknown> {
  await authorizeForm(ctx, { on });
  await using given = await readGiven(options, request, ctx.viewer);
  const { event, files } = await hang(ctx, on, given.fileIds, given.files);
  return event ? await encodeHistoryEvent(ctx, options, event, files) : await encodeTask(ctx, on.id);
}

/** Of an entity, the history tells of it in the same change. */
export async function hang(
  ctx: Context,
  on: AttachableRef,
  fileIds: readonly number[],
  incoming: readonly ReceiveOutcome[],
): Promise<{ event: HistoryEvent | undefined; files: Row<File>[] }> {
  const received = incoming.map(assertArrived);
  const { result: event, files } = await bringFiles(ctx, on, { fileIds, received }, async (tx, attached) =>
    on.type === 'Task'
      ? undefined
      : recordHistory(tx, { entity: on as EntityRef, content: CONTENT, files: attached.files }),
  );
  return { event, files };
}

function assertArrived(incoming: ReceiveOutcome): ReceivedFile {
  if ('failure' in incoming) throw incoming.failure;
  return incoming.file;
}
