import { Alert, Button, Center, Checkbox, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { RetryNotice } from '../app/retry-notice.tsx';
import { messages } from '../messages/messages.ts';
import { providers } from './openid/providers.ts';
import { ProviderButtons } from './provider-buttons.tsx';
import type { Session } from './session.ts';

type UnreachableProps = NonNullable<Session['unreachable']> & { onSignOut(): void };

/** The form for an API key. */
export function SignInPage({ session }: { session: Session }) {
  const [key, setKey] = useState('');
  const [remember, setRemember] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const [isSending, setIsSending] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const notice = refusal ?? session.notice;
  const texts = messages.signIn;

  const isForm = !session.unreachable && !session.isChecking;
  useEffect(() => {
    if (isForm) field.current?.focus();
  }, [isForm]);

  async function submit(event: React.FormEvent) {
    event.preventDefault();
    setIsSending(true);
    // The same text is announced again only if it was gone.
    setRefusal('');
    const token = key.trim().replace(/^Bearer\s+/i, '');
    setRefusal(await session.signIn({ kind: 'key', token }, { remember }));
    setIsSending(false);
    field.current?.select();
  }

  if (session.unreachable) return <Unreachable {...session.unreachable} onSignOut={session.signOut} />;
  if (session.isChecking) return <Center mih="100vh">{messages.loading}</Center>;
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper component="form" withBorder p="xl" w="100%" maw={420} onSubmit={submit}>
        <Stack>
          <div>
            <Title order={1}>{messages.appName}</Title>
            {/* Exists before its text does: some screen readers miss a region that appears with it. */}
            <div role="alert">
              {notice && (
                <Alert color="red" role="presentation" mt="md">
                  <Text>{notice}</Text>
                </Alert>
              )}
            </div>
          </div>
          <ProviderButtons onRefusal={setRefusal} />
          <PasswordInput
            label={texts.key}
            description={texts.keyHelp}
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            autoComplete="current-password"
            required
            ref={field}
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

/** While the stored credentials cannot be checked: they stay, unless the user gives them up. */
function Unreachable({ text, failure, retry, onSignOut }: UnreachableProps) {
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack w="100%" maw={420}>
        <Title order={1}>{messages.appName}</Title>
        <RetryNotice text={text} failure={failure} onRetry={retry} />
        <Button variant="default" onClick={onSignOut}>
          {messages.signIn.signOut}
        </Button>
      </Stack>
    </Center>
  );
}
