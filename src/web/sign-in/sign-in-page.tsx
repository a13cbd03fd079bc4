import { Alert, Button, Center, Checkbox, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { messages } from '../messages/messages.ts';
import { providers } from './openid/providers.ts';
import { ProviderButtons } from './provider-buttons.tsx';
import type { Session } from './session.ts';

/** The form that asks for an API key. */
export function SignInPage({ session }: { session: Session }) {
  const [key, setKey] = useState('');
  const [remember, setRemember] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const [isSending, setIsSending] = useState(false);
  const notice = refusal ?? session.notice;
  const texts = messages.signIn;

  async function submit(event: React.FormEvent) {
    event.preventDefault();
    setIsSending(true);
    const token = key.trim().replace(/^Bearer\s+/i, '');
    setRefusal(await session.signIn({ kind: 'key', token }, { remember }));
    setIsSending(false);
  }

  if (session.isChecking) return <Center mih="100vh">{messages.loading}</Center>;
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper component="form" withBorder p="xl" w="100%" maw={420} onSubmit={submit}>
        <Stack>
          <Title order={1}>{messages.appName}</Title>
          {notice && (
            <Alert color="red" role="alert">
              <Text>{notice}</Text>
            </Alert>
          )}
          <ProviderButtons onRefusal={setRefusal} />
          <PasswordInput
            label={texts.key}
            description={texts.keyHelp}
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            autoComplete="current-password"
            required
            data-autofocus
          />
          <Checkbox
            label={texts.remember}
            checked={remember}
            onChange={(event) => setRemember(event.currentTarget.checked)}
          />
          <Button type="submit" variant={providers.length > 0 ? 'default' : 'filled'} loading={isSending}>
            {texts.submit}
          </Button>
        </Stack>
      </Paper>
    </Center>
  );
}
