import type { Context } from '../context.ts';
import type { Attachment } from '../database/entities/index.ts';
import { topicOf } from '../events/hub.ts';
import { refOfAttachment } from './read.ts';

/** Tells whoever listens to the attachable, or to the project around it, of files that now hang on it. */
export function announce(ctx: Pick<Context, 'events' | 'now'>, attachments: readonly Attachment[]): void {
  for (const attachment of attachments) {
    const on = refOfAttachment(attachment);
    const { projectId } = attachment;
    const topics = new Set([
      topicOf(on),
      ...(projectId === null ? [] : [topicOf({ type: 'Project', id: projectId as number })]),
    ]);
    ctx.events.publish([...topics], {
      type: 'FILE_ADDED',
      attachment,
      on,
      actorId: attachment.attachedBy.id,
      at: ctx.now(),
    });
  }
}
