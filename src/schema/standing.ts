import type { AttachableRef } from '../database/entities/index.ts';
import { topicOf } from '../events/topic.ts';
import { type Reached, reach } from '../workspace/attachable.ts';
import { batched } from './batched.ts';

/** How the viewer stands to something that files hang on; undefined when the viewer may not see it. */
export const standingOf = batched<AttachableRef, Reached | undefined>(async (refs, context) => {
  const reached = await reach(context, refs);
  return refs.map((ref) => reached.get(topicOf(ref)));
});
