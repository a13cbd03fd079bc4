import type { Context } from '../context.ts';
import type { Attachment } from '../database/entities/index.ts';
import type { Reached } from '../workspace/attachable.ts';

/** Tells whoever listens to the attachable, or to the project around it, of files that now hang on it. */
export function announce(ctx: Context, attachments: readonly Attachment[], { ref, topics }: Reached): void {
  for (const attachment of attachments) {
    ctx.events.publish(topics, {
      type: 'FILE_ADDED',
      attachment,
      on: ref,
      actorId: ctx.viewer.userId,
      at: attachment.attachedAt,
    });
  }
}
