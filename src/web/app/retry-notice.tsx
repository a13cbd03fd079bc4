import { Alert, Button, Text } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { format, messages } from '../messages/messages.ts';
import { useRetry } from './use-retry.ts';

interface RetryNoticeProps {
  /** A new object for each attempt that failed. */
  failure: object;
  onRetry(): void;
  text?: string;
}

/** Says that the server cannot be reached, and tries again until it can. */
export function RetryNotice({ failure, onRetry, text = messages.retry.unreachable }: RetryNoticeProps) {
  const { nextAt, now } = useRetry(failure, onRetry);
  const seconds = useSecondsUntil(nextAt);
  const notice = useReturnedFocus();
  const texts = messages.retry;
  return (
    <Alert color="red" role="alert" ref={notice}>
      <Text size="sm">{text}</Text>
      {/* Not read aloud each second. */}
      <Text size="sm" aria-hidden>
        {seconds > 0 ? format(texts.nextAttempt, { seconds }) : texts.trying}
      </Text>
      <Button size="compact-sm" variant="default" mt="xs" onClick={now}>
        {texts.now}
      </Button>
    </Alert>
  );
}

function useSecondsUntil(time: number | undefined): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (time === undefined) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [time]);
  return time === undefined ? 0 : Math.max(0, Math.ceil((time - now) / 1000));
}

/** When the notice goes away while its button has the focus, the view gets the focus. */
function useReturnedFocus() {
  const notice = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current } = notice;
    return () => {
      if (!current?.contains(document.activeElement)) return;
      setTimeout(() => {
        if (document.activeElement === document.body) document.querySelector('main')?.focus();
      });
    };
  }, []);
  return notice;
}
