import { type MantineColorScheme, NativeSelect, useMantineColorScheme } from '@mantine/core';
import { messages } from '../messages/messages.ts';

const SCHEMES: readonly MantineColorScheme[] = ['auto', 'light', 'dark'];

/** Chooses light or dark colours, or those of the system. The choice is stored in this browser. */
export function ColourSelect() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const texts = messages.colours;
  return (
    <NativeSelect
      label={texts.label}
      size="xs"
      value={colorScheme}
      onChange={(event) => setColorScheme(event.currentTarget.value as MantineColorScheme)}
      data={SCHEMES.map((value) => ({ value, label: texts.schemes[value] }))}
    />
  );
}
