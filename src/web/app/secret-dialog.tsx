import { Alert, Button, Code, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { messages } from '../messages/messages.ts';
import { useReturnFocus } from './use-return-focus.ts';

/** Something that the server returns once. */
export interface Secret {
  /** What it is, as in `API key “the build server”`. */
  title: string;
  value: string;
  /** What to do with it. */
  help: string;
}

/** Shows a secret that cannot be shown again, with a button that copies it. */
export function SecretDialog({ secret, onClose }: { secret: Secret; onClose(): void }) {
  useReturnFocus();
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  const texts = messages.secret;

  async function copy() {
    try {
      // Absent on http pages.
      await navigator.clipboard.writeText(secret.value);
      setOutcome('copied');
    } catch {
      setOutcome('failed');
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={secret.title}
      // Not by a click beside it: it is not shown again.
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': messages.close }}
      transitionProps={{ duration: 0 }}
      size="lg"
    >
      <Stack gap="sm">
        <Alert color="yellow">
          <Text size="sm" c="var(--mantine-color-text)">
            {texts.once}
          </Text>
        </Alert>
        <Text size="sm">{secret.help}</Text>
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} data-testid="secret">
          {secret.value}
        </Code>
        <Group justify="space-between">
          <Text size="sm" aria-live="polite">
            {outcome && texts[outcome]}
          </Text>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              {texts.done}
            </Button>
            <Button onClick={copy} data-autofocus>
              {texts.copy}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  );
}
