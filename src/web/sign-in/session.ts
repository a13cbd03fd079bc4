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
import type { ViewerQuery } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';
import { messages } from '../messages/messages.ts';

const viewerQuery = graphql(`
  query Viewer {
    viewer {
      id
      displayName
      isAdmin
    }
  }
`);

/** A user who has signed in. The token is `currentToken()` of `api/credentials.ts`. */
export interface SignedIn {
  client: Client;
  viewer: ViewerQuery['viewer'];
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

type Checked = { viewer: ViewerQuery['viewer'] } | { refusal: string; isUnauthenticated: boolean };

/** Asks the server whose token it is. */
async function checkToken(token: string): Promise<Checked> {
  const { data, error } = await createClientFor(token).query(viewerQuery, {});
  if (data) return { viewer: data.viewer };
  if (error?.networkError && !error.response) return { refusal: messages.signIn.unreachable, isUnauthenticated: false };
  const [first] = error?.graphQLErrors ?? [];
  const isUnauthenticated = first?.extensions.code === 'UNAUTHENTICATED';
  return { refusal: first?.message ?? error?.message ?? messages.signIn.unreachable, isUnauthenticated };
}

/** Who has signed in, from the stored credentials or the form. */
export function useSession(): Session {
  const [current, setCurrent] = useState<SignedIn>();
  const [isChecking, setIsChecking] = useState(() => currentCredentials() !== undefined);
  const [notice, setNotice] = useState<string>();

  const enter = useCallback((viewer: ViewerQuery['viewer']) => {
    setNotice(undefined);
    setCurrent({ client: createClient(), viewer });
  }, []);

  useEffect(
    () =>
      onSessionEnd((reason) => {
        setCurrent(undefined);
        setNotice(reason === 'refused' ? messages.signIn.ended : undefined);
      }),
    [],
  );

  useEffect(() => {
    if (!currentCredentials()) return;
    currentToken()
      .then(checkToken)
      .then(
        (checked) => {
          if ('viewer' in checked) enter(checked.viewer);
          else if (checked.isUnauthenticated) endSession('refused');
          else setNotice(checked.refusal);
        },
        (error: Error) => setNotice(error.message),
      )
      .finally(() => setIsChecking(false));
  }, [enter]);

  return {
    current,
    isChecking,
    notice,
    async signIn(credentials, options) {
      const checked = await checkToken(credentials.token);
      if ('viewer' in checked) {
        storeCredentials(credentials, options);
        enter(checked.viewer);
        return undefined;
      }
      const isUnknownKey = checked.isUnauthenticated && credentials.kind === 'key';
      return isUnknownKey ? messages.signIn.unknownKey : checked.refusal;
    },
    signOut: () => endSession('signed-out'),
  };
}
