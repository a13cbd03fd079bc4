import type { Context } from '../../context.ts';
import type { AttachableRef, EntityRef, File, HistoryEvent } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { authorizeForm } from '../../uploads/authorize-upload.ts';
import type { ReceiveOutcome } from '../../uploads/receive.ts';
import { attachAndStoreFiles } from '../../uploads/upload-files.ts';
import { recordHistory } from '../../workspace/history.ts';
import type { Call } from './call.ts';
import { readGiven } from './file-ids.ts';
import { encodeHistoryEvent } from './history-event.ts';
import { encodeTask } from './task.ts';

/** What the history of an entity says there, too. */
const CONTENT = 'File upload';

/** Attaches stored files, and those that a form carries, to a task or an entity: all of them, or none. */
export async function attach({ options, ctx, request, route: { on } }: Call): Promise<unknown> {
  await authorizeForm(ctx, { on });
  await using given = await readGiven(options, request, ctx.viewer);
  const { event, files } = await attachAll(ctx, on, given.fileIds, given.files);
  return event ? await encodeHistoryEvent(ctx, options, event, files) : await encodeTask(ctx, on.id);
}

/** Attaches stored files and received ones; to an entity, with an event of its history in the same transaction. */
export async function attachAll(
  ctx: Context,
  on: AttachableRef,
  fileIds: readonly number[],
  outcomes: readonly ReceiveOutcome[],
): Promise<{ event: HistoryEvent | undefined; files: Row<File>[] }> {
  const { result: event, files } = await attachAndStoreFiles(ctx, on, { fileIds, outcomes }, async (tx, attached) =>
    on.type === 'Task'
      ? undefined
      : recordHistory(tx, { entity: on as EntityRef, content: CONTENT, files: attached.files }),
  );
  return { event, files };
}
