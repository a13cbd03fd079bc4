import { Checkbox, Group, Kbd, Modal, Stack, Text } from '@mantine/core';
import { messages } from '../messages/messages.ts';
import { type Shortcuts, shortcutKeys } from './shortcuts.ts';
import { useReturnFocus } from './use-return-focus.ts';

/** Lists the keys of the page, and switches them off. */
export function ShortcutsDialog({ shortcuts }: { shortcuts: Shortcuts }) {
  useReturnFocus();
  const texts = messages.shortcuts;
  const rows: [string, string][] = [
    ...shortcutKeys.map((key): [string, string] => [key, texts.keys[key]]),
    [texts.enter, texts.keys.Enter],
    [texts.escape, texts.keys.Escape],
    ['?', texts.keys['?']],
  ];
  return (
    <Modal
      opened
      onClose={shortcuts.close}
      title={texts.title}
      closeButtonProps={{ 'aria-label': messages.close }}
      transitionProps={{ duration: 0 }}
    >
      <Stack gap="xs">
        {rows.map(([key, text]) => (
          <Group key={key} gap="sm" wrap="nowrap">
            <Kbd miw={52} ta="center">
              {key}
            </Kbd>
            <Text size="sm">{text}</Text>
          </Group>
        ))}
        <Checkbox
          mt="sm"
          label={texts.isOn}
          checked={shortcuts.isOn}
          onChange={(event) => shortcuts.turn(event.currentTarget.checked)}
        />
      </Stack>
    </Modal>
  );
}
