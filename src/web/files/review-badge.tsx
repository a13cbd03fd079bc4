import type { FileStatus } from '../generated/graphql.ts';
import { messages } from '../messages/messages.ts';
import classes from './review-badge.module.css';

/** The review status of a file; nothing for a file that needs no review. */
export function ReviewBadge({ status }: { status: FileStatus | null | undefined }) {
  if (!status) return null;
  return (
    <span className={classes.badge} data-status={status}>
      {messages.files.statuses[status]}
    </span>
  );
}
