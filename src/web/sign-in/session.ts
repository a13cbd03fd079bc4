import { useCallback, useEffect, useState } from 'react';
import type { Client } from 'urql';
import { createClient, createClientFor } from '../api/client.ts';
import {
  type Credentials,
  currentCredentials,
  currentToken,
  endSession,
  onSessionEnd,
  storeCredentials,
} from '../api/credentials.ts';
import { serverUrl } from '../api/server-url.ts';
import { graphql } from '../generated/index.ts';
import { messages } from '../messages/messages.ts';
import { type Callback, callback } from './openid/callback.ts';
import type { OpenIdCredentials } from './openid/openid-credentials.ts';
import { signOutOfProvider } from './openid/sign-out.ts';
import { type Viewer, viewerIn } from './viewer.tsx';

const viewerQuery = graphql(`
  query Viewer {
    viewer {
      id
      displayName
      isAdmin
    }
    viewerScope
  }
`);

/** A user who has signed in. The token is `currentToken()` of `api/credentials.ts`. */
export interface SignedIn {
  client: Client;
  viewer: Viewer;
}

export interface Session {
  /** Undefined until a user has signed in. */
  current: SignedIn | undefined;
  /** True while stored credentials are checked. */
  isChecking: boolean;
  /** Why the user has to sign in again, for people. */
  notice: string | undefined;
  /** Checks the credentials and signs in. Resolves to the text of a refusal. */
  signIn(credentials: Credentials, options: { remember: boolean }): Promise<string | undefined>;
  signOut(): void;
}

/** Why a session ended, for people. */
const NOTICES = {
  'signed-out': undefined,
  refused: messages.signIn.ended,
  'not-renewed': messages.signIn.notRenewed,
};

type Checked = { viewer: Viewer } | { refusal: string; isUnauthenticated: boolean };

/** Asks the server whose token it is. */
async function checkToken(token: string): Promise<Checked> {
  const { data, error } = await createClientFor(token).query(viewerQuery, {});
  if (data) return { viewer: viewerIn(data) };
  if (error?.networkError && !error.response) return { refusal: messages.signIn.unreachable, isUnauthenticated: false };
  const [first] = error?.graphQLErrors ?? [];
  const isUnauthenticated = first?.extensions.code === 'UNAUTHENTICATED';
  return { refusal: first?.message ?? error?.message ?? messages.signIn.unreachable, isUnauthenticated };
}

/** Exchanges the answer of a provider, which works once. */
let finishing: Promise<OpenIdCredentials> | undefined;
function finishOnce(answer: Callback): Promise<OpenIdCredentials> {
  finishing ??= import('./openid/client.ts').then(({ finishSignIn }) => finishSignIn(answer));
  return finishing;
}

/** Who has signed in, from the stored credentials, the answer of a provider, or the form. */
export function useSession(): Session {
  const [current, setCurrent] = useState<SignedIn>();
  const [isChecking, setIsChecking] = useState(() => currentCredentials() !== undefined || callback !== undefined);
  const [notice, setNotice] = useState<string>();

  const enter = useCallback((viewer: Viewer) => {
    setNotice(undefined);
    setCurrent({ client: createClient(), viewer });
  }, []);

  const signIn = useCallback<Session['signIn']>(
    async (credentials, options) => {
      const checked = await checkToken(credentials.token);
      if ('viewer' in checked) {
        storeCredentials(credentials, options);
        enter(checked.viewer);
        return undefined;
      }
      const isUnknownKey = checked.isUnauthenticated && credentials.kind === 'key';
      return isUnknownKey ? messages.signIn.unknownKey : checked.refusal;
    },
    [enter],
  );

  useEffect(
    () =>
      onSessionEnd((reason) => {
        setCurrent(undefined);
        setNotice(NOTICES[reason]);
      }),
    [],
  );

  useEffect(() => {
    resume()
      .catch((error: Error) => error.message)
      .then((refusal) => {
        if (refusal !== undefined) setNotice(refusal);
        setIsChecking(false);
      });

    async function resume(): Promise<string | undefined> {
      // An answer to a tab in which somebody is signed in changes nothing: another site may have
      // sent it.
      if (!currentCredentials()) {
        if (!callback) return undefined;
        const refusal = await signIn(await finishOnce(callback), { remember: false });
        // Providers answer to one address. GraphiQL has another.
        if (refusal === undefined && callback.pending?.page) location.replace(serverUrl(callback.pending.page));
        return refusal;
      }
      const checked = await checkToken(await currentToken());
      if ('viewer' in checked) enter(checked.viewer);
      else if (!checked.isUnauthenticated) return checked.refusal;
      else endSession('refused');
      return undefined;
    }
  }, [enter, signIn]);

  return { current, isChecking, notice, signIn, signOut };
}

function signOut(): void {
  const credentials = currentCredentials();
  endSession('signed-out');
  if (credentials?.kind === 'openid') void signOutOfProvider(credentials);
}
