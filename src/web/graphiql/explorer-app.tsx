import '../app/touch.css';
import { Center, MantineProvider } from '@mantine/core';
import { Suspense } from 'react';
import { lazy } from '../app/lazy.tsx';
import { colorSchemes, cssVariables, theme } from '../app/theme.ts';
import { messages } from '../messages/messages.ts';
import { useSession } from '../sign-in/session.ts';
import { SignInPage } from '../sign-in/sign-in-page.tsx';

/** The editors are large: the form to sign in does not wait for them. */
const Explorer = lazy(
  () => import('./explorer.tsx'),
  (module) => module.default,
);

/** GraphiQL, for users who have signed in here or on the page. */
export function ExplorerApp() {
  const session = useSession();
  const { current } = session;

  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemes}
    >
      {current ? (
        <Suspense fallback={<Center mih="100vh">{messages.loading}</Center>}>
          <Explorer key={current.viewer.id} viewer={current.viewer} onSignOut={session.signOut} />
        </Suspense>
      ) : (
        <SignInPage session={session} />
      )}
    </MantineProvider>
  );
}
