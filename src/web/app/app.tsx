import './touch.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { Provider } from 'urql';
import { Router } from 'wouter';
import { LiveProvider } from '../live/live-provider.tsx';
import { useSession } from '../sign-in/session.ts';
import { SignInPage } from '../sign-in/sign-in-page.tsx';
import { ViewerProvider } from '../sign-in/viewer.tsx';
import { UploadsProvider } from '../uploads/uploads-provider.tsx';
import { useHashPath } from './hash-location.ts';
import { Shell } from './shell.tsx';
import { colorSchemes, cssVariables, theme } from './theme.ts';

/** The whole page: the form to sign in, or what the user may see. */
export function App() {
  const session = useSession();
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemes}
    >
      <Notifications />
      {session.current ? (
        <Provider value={session.current.client}>
          <Router hook={useHashPath}>
            <ViewerProvider viewer={session.current.viewer}>
              <LiveProvider key={session.current.viewer.id}>
                <UploadsProvider userId={session.current.viewer.id}>
                  <Shell onSignOut={session.signOut} />
                </UploadsProvider>
              </LiveProvider>
            </ViewerProvider>
          </Router>
        </Provider>
      ) : (
        <SignInPage session={session} />
      )}
    </MantineProvider>
  );
}
