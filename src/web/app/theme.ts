import { type CSSVariablesResolver, createTheme, localStorageColorSchemeManager } from '@mantine/core';
import { storageName } from '../api/storage-name.ts';
import { messages } from '../messages/messages.ts';

/** Shades that have a contrast of at least 4.5 with white, and with the background of dark pages. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'md',
  autoContrast: true,
  components: {
    // A `<header>` in a dialog would count as another banner of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': messages.notifications.close } } },
  },
});

/** The library's grey of descriptions has too little contrast. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#5c636a', '--mantine-color-error': '#c92a2a' },
  dark: { '--mantine-color-dimmed': '#adb5bd', '--mantine-color-error': '#ff8787' },
});

/** Where the choice of light or dark colours is stored. Other tabs follow it. */
export const colorSchemes = localStorageColorSchemeManager({ key: storageName('colours') });
