import { Alert, Text } from '@mantine/core';
import { currentCredentials } from '../api/credentials.ts';
import { messages } from '../messages/messages.ts';
import { useViewer } from '../sign-in/viewer.tsx';

/**
 * Says why controls are missing that the user might look for: all that change something, for
 * `READ`, or those of administrators, for `WRITE`. Shows nothing when they are not missing.
 */
export function ScopeNotice({ scope }: { scope: 'READ' | 'WRITE' }) {
  const viewer = useViewer();
  if (viewer.scope !== scope || (scope === 'WRITE' && !viewer.isAdmin)) return null;
  return (
    <Alert color="yellow" role="note" py="xs" mb={scope === 'READ' ? 'md' : 0}>
      <Text size="sm" c="var(--mantine-color-text)">
        {messages.scopeNotice[currentCredentials()?.kind ?? 'key'][scope]}
      </Text>
    </Alert>
  );
}
