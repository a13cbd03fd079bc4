import { useCallback, useEffect, useState } from 'react';
import type { Client } from 'urql';
import { createClient, createClientFor } from '../api/client.ts';
import {
  type Credentials,
  currentCredentials,
  currentToken,
  endSession,
  onSessionEnd,
  renewToken,
  SessionEndedError,
  storeCredentials,
} from '../api/credentials.ts';
import { codeOfError, isTemporary } from '../api/describe-error.ts';
import { serverUrl } from '../api/server-url.ts';
import { graphql } from '../generated/index.ts';
import { messages } from '../messages/messages.ts';
import { type Callback, callback } from './openid/callback.ts';
import type { OpenIdCredentials } from './openid/openid-credentials.ts';
import { reloadOnceReachable } from './openid/providers.ts';
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
  /** Set while neither the server nor the provider can say whether stored credentials are valid. */
  unreachable: { text: string; failure: object; retry(): void } | undefined;
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

/** Why credentials were not accepted, for people. */
interface Refused {
  refusal: string;
  isUnauthenticated?: boolean;
  /** Whether the same credentials may be accepted later. */
  isUnreachable?: boolean;
}
type Checked = { viewer: Viewer } | Refused;

/** Looks up the user of a token on the server. */
async function checkToken(token: string): Promise<Checked> {
  const { data, error } = await createClientFor(token).query(viewerQuery, {});
  if (data) return { viewer: viewerIn(data) };
  if (!error || isTemporary(error)) return { refusal: messages.retry.unreachable, isUnreachable: true };
  const [first] = error.graphQLErrors;
  return {
    refusal: first?.message ?? error.message,
    isUnauthenticated: codeOfError(error) === 'UNAUTHENTICATED',
  };
}

/** Looks up the user of the stored credentials. Rejects with `SessionEndedError`. */
async function checkStored(): Promise<Checked> {
  const token = await unlessUnreachable(currentToken());
  if (typeof token !== 'string') return token;
  const checked = await checkToken(token);
  if ('viewer' in checked || !checked.isUnauthenticated) return checked;
  // It may have ended on its way to the server.
  const renewed = await unlessUnreachable(renewToken(token));
  return typeof renewed === 'string' ? checkToken(renewed) : renewed;
}

/** The token, or that the provider cannot be reached. Rejects with `SessionEndedError`. */
async function unlessUnreachable(token: Promise<string>): Promise<string | Refused> {
  try {
    return await token;
  } catch (error) {
    if (error instanceof SessionEndedError) throw error;
  }
  const credentials = currentCredentials();
  try {
    if (credentials?.kind === 'openid') await reloadOnceReachable(credentials.issuer);
    return { refusal: messages.retry.providerUnreachable, isUnreachable: true };
  } catch {
    return { refusal: messages.retry.unreachable, isUnreachable: true };
  }
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
  const [failure, setFailure] = useState<Refused>();
  const [attempt, setAttempt] = useState(0);
  const [notice, setNotice] = useState<string>();

  const enter = useCallback((viewer: Viewer) => {
    setNotice(undefined);
    setCurrent({ client: createClient(), viewer });
  }, []);

  const check = useCallback(
    async (credentials: Credentials, options: { remember: boolean }): Promise<Checked> => {
      const checked = await checkToken(credentials.token);
      if (!('viewer' in checked)) return checked;
      storeCredentials(credentials, options);
      enter(checked.viewer);
      return checked;
    },
    [enter],
  );

  const signIn = useCallback<Session['signIn']>(
    async (credentials, options) => {
      const checked = await check(credentials, options);
      if ('viewer' in checked) return undefined;
      if (checked.isUnreachable) return messages.signIn.unreachable;
      const isUnknownKey = checked.isUnauthenticated && credentials.kind === 'key';
      return isUnknownKey ? messages.signIn.unknownKey : checked.refusal;
    },
    [check],
  );

  useEffect(
    () =>
      onSessionEnd((reason) => {
        setCurrent(undefined);
        setFailure(undefined);
        setNotice(NOTICES[reason]);
      }),
    [],
  );

  useEffect(() => {
    let isCurrent = true;
    resume()
      .catch((error: Error): Refused | undefined => {
        // The listener of the end says why.
        return error instanceof SessionEndedError ? undefined : { refusal: error.message };
      })
      .then((refused) => {
        if (!isCurrent) return;
        setFailure(refused?.isUnreachable ? refused : undefined);
        if (refused && !refused.isUnreachable) setNotice(refused.refusal);
        setIsChecking(false);
      });
    return () => {
      isCurrent = false;
    };

    async function resume(): Promise<Refused | undefined> {
      // An answer to a tab in which somebody is signed in changes nothing: another site may have
      // sent it.
      if (currentCredentials()) return resumeStored();
      if (!callback) return undefined;
      const checked = await check(await finishOnce(callback), { remember: false });
      if (!('viewer' in checked)) return checked;
      // Providers answer to one address. GraphiQL has another.
      if (callback.pending?.page) location.replace(serverUrl(callback.pending.page));
      return undefined;
    }

    async function resumeStored(): Promise<Refused | undefined> {
      const checked = await checkStored();
      if (!currentCredentials()) return undefined; // signed out meanwhile, in another tab
      if ('viewer' in checked) enter(checked.viewer);
      else if (checked.isUnauthenticated) endSession('refused');
      else return checked;
      return undefined;
    }
  }, [enter, check, attempt]);

  const retry = useCallback(() => setAttempt((before) => before + 1), []);
  const unreachable = failure && { text: failure.refusal, failure, retry };
  return { current, isChecking, unreachable, notice, signIn, signOut };
}

function signOut(): void {
  const credentials = currentCredentials();
  endSession('signed-out');
  if (credentials?.kind === 'openid') void signOutOfProvider(credentials);
}
