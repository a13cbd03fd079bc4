import { Anchor, Stack, Text, Title } from '@mantine/core';
import type { CombinedError } from 'urql';
import { Link } from 'wouter';
import { codeOfError } from '../api/describe-error.ts';
import { messages } from '../messages/messages.ts';
import { ErrorNotice } from './error-notice.tsx';
import { useTitle } from './use-title.ts';

/** Says that there is nothing at the address, and leads to what there is. */
export function NotFound({ text = messages.notFound.address }: { text?: string }) {
  const texts = messages.notFound;
  useTitle(texts.title);
  return (
    <Stack gap="xs" align="flex-start">
      <Title order={2}>{texts.title}</Title>
      <Text>{text}</Text>
      <Anchor component={Link} href="/projects">
        {texts.home}
      </Anchor>
    </Stack>
  );
}

interface ViewErrorProps {
  error: CombinedError;
  /** Said when the server does not know the id in the address. */
  missing: string;
  onRetry(): void;
}

/** Why a view of one object cannot be shown. Another attempt does not find an unknown id. */
export function ViewError({ error, missing, onRetry }: ViewErrorProps) {
  const isUnknown = ['NOT_FOUND', 'BAD_USER_INPUT'].includes(codeOfError(error) ?? '');
  return isUnknown ? <NotFound text={missing} /> : <ErrorNotice error={error} onRetry={onRetry} />;
}
