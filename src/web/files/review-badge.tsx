import { Badge } from '@mantine/core';
import type { FileStatus } from '../generated/graphql.ts';
import { messages } from '../messages/messages.ts';

const colors: Record<FileStatus, string> = { APPROVED: 'green', PENDING: 'yellow', REQUIRED: 'red' };

/** The review status of a file; nothing for a file that needs no review. */
export function ReviewBadge({ status }: { status: FileStatus | null | undefined }) {
  if (!status) return null;
  return (
    <Badge color={colors[status]} variant="filled" size="sm" tt="none" autoContrast>
      {messages.files.statuses[status]}
    </Badge>
  );
}
