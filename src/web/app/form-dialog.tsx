import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { CombinedError } from 'urql';
import { describeError } from '../api/describe-error.ts';
import { messages } from '../messages/messages.ts';
import { useReturnFocus } from './use-return-focus.ts';

interface FormDialogProps {
  title: string;
  /** The text of the button that does it. */
  submit: string;
  /** The text of the button that closes it, if not "Cancel". */
  dismiss?: string;
  isDangerous?: boolean;
  /** Whether what was given suffices. */
  isReady?: boolean;
  children?: ReactNode;
  /** Does it, and resolves to what went wrong; otherwise the dialog closes. */
  onSubmit(): Promise<CombinedError | undefined>;
  onClose(): void;
}

/** A dialog that does something with what is filled in, and stays open when that fails. */
export function FormDialog({
  title,
  submit,
  dismiss = messages.cancel,
  isDangerous,
  isReady = true,
  children,
  onSubmit,
  onClose,
}: FormDialogProps) {
  useReturnFocus();
  const [error, setError] = useState<CombinedError>();
  const [isSending, setIsSending] = useState(false);

  async function send(event: FormEvent) {
    event.preventDefault();
    if (!isReady || isSending) return;
    setIsSending(true);
    const failed = await onSubmit();
    setIsSending(false);
    setError(failed);
    if (!failed) onClose();
  }

  return (
    <Modal opened onClose={onClose} withCloseButton={false} transitionProps={{ duration: 0 }}>
      {/* Not the header of the library: its element is a second banner of the page. */}
      <Group justify="space-between" wrap="nowrap" mb="sm">
        <Modal.Title fw={600}>{title}</Modal.Title>
        <Modal.CloseButton aria-label={messages.close} />
      </Group>
      <form ref={focusFirst} onSubmit={send}>
        <Stack gap="sm">
          {children}
          {error && (
            <Alert color="red" role="alert">
              <Text size="sm">{describeError(error)}</Text>
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {dismiss}
            </Button>
            <Button type="submit" {...(isDangerous && { color: 'red' })} loading={isSending} disabled={!isReady}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const FIELDS = 'input:not([type="hidden"]), select, textarea';

/** Focuses the first field at once, or the first button, and says so to the library. */
function focusFirst(form: HTMLFormElement | null): void {
  const field = form?.querySelector<HTMLElement>('[data-autofocus]') ?? form?.querySelector<HTMLElement>(FIELDS);
  const target = field ?? form?.querySelector('button');
  target?.setAttribute('data-autofocus', '');
  target?.focus();
}
