import { NativeSelect } from '@mantine/core';
import { messages } from '../messages/messages.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
/** Up to the longest that the server permits. */
const LIFETIMES = [HOUR, DAY, 7 * DAY, 30 * DAY, 90 * DAY] as const;

/** How long a share link or an upload token works, in seconds. */
export function LifetimeSelect({ value, onChange }: { value: number; onChange(seconds: number): void }) {
  const texts = messages.sharing;
  return (
    <NativeSelect
      label={texts.lifetime}
      description={texts.lifetimeHelp}
      value={String(value)}
      onChange={(event) => onChange(Number(event.currentTarget.value))}
      data={LIFETIMES.map((seconds, index) => ({ value: String(seconds), label: texts.lifetimes[index] ?? '' }))}
    />
  );
}
