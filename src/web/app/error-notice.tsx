import { Alert, Button, Text } from '@mantine/core';
import type { CombinedError } from 'urql';
import { describeError, isTemporary } from '../api/describe-error.ts';
import { messages } from '../messages/messages.ts';
import { RetryNotice } from './retry-notice.tsx';

/**
 * Says what went wrong, and lets the user try again. An unreachable server is tried again by
 * itself.
 */
export function ErrorNotice({ error, onRetry }: { error: CombinedError; onRetry?: () => void }) {
  if (onRetry && isTemporary(error)) return <RetryNotice failure={error} onRetry={onRetry} />;
  return (
    <Alert color="red" role="alert">
      <Text size="sm">{describeError(error)}</Text>
      {onRetry && (
        <Button size="compact-sm" variant="default" mt="xs" onClick={onRetry}>
          {messages.tryAgain}
        </Button>
      )}
    </Alert>
  );
}
