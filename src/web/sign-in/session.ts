import { useCallback, useEffect, useState } from 'react';
import type { Client } from 'urql';
import { createClient } from '../api/client.ts';
import { forgetToken, readToken, storeToken } from '../api/credentials.ts';
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

/** A user who has signed in. */
export interface SignedIn {
  client: Client;
  token: string;
  viewer: ViewerQuery['viewer'];
}

export interface Session {
  /** Undefined until a user has signed in. */
  current: SignedIn | undefined;
  /** True while stored credentials are checked. */
  isChecking: boolean;
  /** Checks the token, stores it and signs in. Resolves to the text of a refusal. */
  signIn(token: string, options: { remember: boolean }): Promise<string | undefined>;
  signOut(): void;
}

/** Who has signed in, from the stored credentials or the form. */
export function useSession(): Session {
  const [current, setCurrent] = useState<SignedIn>();
  const [isChecking, setIsChecking] = useState(() => readToken() !== undefined);

  const enter = useCallback(async (token: string): Promise<string | undefined> => {
    const client = createClient(token);
    const { data, error } = await client.query(viewerQuery, {});
    if (data) {
      setCurrent({ client, token, viewer: data.viewer });
      return undefined;
    }
    if (error?.networkError && !error.response) return messages.signIn.unreachable;
    const refused = error?.graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED');
    return refused ? messages.signIn.unknownKey : (error?.graphQLErrors[0]?.message ?? error?.message);
  }, []);

  useEffect(() => {
    const token = readToken();
    if (!token) return;
    enter(token).then((refusal) => {
      if (refusal === messages.signIn.unknownKey) forgetToken();
      setIsChecking(false);
    });
  }, [enter]);

  return {
    current,
    isChecking,
    async signIn(token, options) {
      const refusal = await enter(token);
      if (refusal === undefined) storeToken(token, options);
      return refusal;
    },
    signOut() {
      forgetToken();
      setCurrent(undefined);
    },
  };
}
