import type { RequestContext } from '../../context.ts';
import type { Case, EntityRef, Opportunity } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { topicOf } from '../../events/topic.ts';
import { loadAttachables } from '../../workspace/attachable.ts';

/**
 * Encodes an opportunity or a case; null if the viewer may not see it. Also null for a contact,
 * which has the member `contact` instead.
 */
export async function encodeEntity(ctx: RequestContext, ref: EntityRef) {
  if (ref.type === 'Contact') return null;
  const row = (await loadAttachables(ctx, [ref])).get(topicOf(ref))?.row as Row<Opportunity | Case> | undefined;
  return row ? { entityType: ref.type.toLowerCase(), entityId: ref.id, entityTitle: row.title } : null;
}
