import type { RequestContext } from '../../context.ts';
import type { AttachableRef, EntityRef, File, HistoryEvent } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { authorizeForm } from '../../uploads/authorize-upload.ts';
import type { ReceiveOutcome } from '../../uploads/receive.ts';
import { attachAndStoreFiles } from '../../uploads/upload-files.ts';
import { recordHistory } from '../../workspace/history.ts';
import type { Call } from './call.ts';
import { readFileInput } from './file-ids.ts';
import { encodeHistoryEvent } from './history-event.ts';
import { encodeTask } from './task.ts';

/** The content of a history event about files, as in ONLYOFFICE. */
const HISTORY_CONTENT = 'File upload';

/** Attaches stored files and the files of a form to a task or an entity: all of them, or none. */
export async function handleAttach({ options, ctx, request, route: { on } }: Call): Promise<unknown> {
  await authorizeForm(ctx, { on });
  await using input = await readFileInput(options, request, ctx.viewer);
  const { event, files } = await attachWithHistory(ctx, on, input.fileIds, input.outcomes);
  return event ? await encodeHistoryEvent(ctx, options, event, files) : await encodeTask(ctx, on.id);
}

/**
 * Attaches stored and received files. For an entity, records a history event in the same
 * transaction.
 */
export async function attachWithHistory(
  ctx: RequestContext,
  on: AttachableRef,
  fileIds: readonly number[],
  outcomes: readonly ReceiveOutcome[],
): Promise<{ event: HistoryEvent | undefined; files: Row<File>[] }> {
  const { result: event, files } = await attachAndStoreFiles(ctx, on, { fileIds, outcomes }, async (tx, attached) =>
    on.type === 'Task'
      ? undefined
      : recordHistory(tx, { entity: on as EntityRef, content: HISTORY_CONTENT, files: attached.files }),
  );
  return { event, files };
}
