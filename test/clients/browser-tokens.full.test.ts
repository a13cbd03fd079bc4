import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openPage, startSite } from '../support/browser.ts';
import { ask } from '../support/client.ts';
import { cursorOf, eventSubscription } from '../support/events.ts';
import { uploadFile } from '../support/files.ts';
import { acceptsAccountsOf, CLIENT_ID, startOpenIdProvider } from '../support/oidc-provider.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';

/** The page of a web application: it signs in by the authorization code flow with PKCE. */
const APPLICATION = `
  import { createClient } from 'graphql-ws';

  const received = [], closeCodes = [];
  let tokens = Promise.withResolvers(), refreshToken;

  const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

  async function startSignIn({ issuer, clientId, account }) {
    const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
    sessionStorage.setItem('verifier', verifier);
    const challenge = base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
    location.href = issuer + '/auth?' + new URLSearchParams({
      client_id: clientId, response_type: 'code', scope: 'openid', redirect_uri: location.origin + '/',
      code_challenge: challenge, code_challenge_method: 'S256', login_hint: account,
    });
  }

  async function getTokens({ issuer, clientId }, form) {
    const body = new URLSearchParams({ client_id: clientId, ...form });
    const answer = await (await fetch(issuer + '/token', { method: 'POST', body })).json();
    if (!answer.access_token) throw new Error(JSON.stringify(answer));
    refreshToken = answer.refresh_token;
    tokens.resolve(answer.access_token);
  }

  const finishSignIn = (provider) => getTokens(provider, {
    grant_type: 'authorization_code', code: new URLSearchParams(location.search).get('code'),
    code_verifier: sessionStorage.getItem('verifier'), redirect_uri: location.origin + '/',
  });
  const refresh = (provider) => getTokens(provider, { grant_type: 'refresh_token', refresh_token: refreshToken });
  const loseToken = () => { tokens = Promise.withResolvers(); };

  function subscribe({ url, query, variables }) {
    createClient({
      url, connectionParams: async () => ({ authorization: 'Bearer ' + await tokens.promise }),
      on: { closed: ({ code }) => closeCodes.push(code) },
    }).subscribe({ query, variables }, {
      next({ data, errors }) {
        if (data) variables.after = data.event.cursor;
        received.push(data ? data.event.file.name : JSON.stringify(errors));
      },
      error: (error) => received.push('error ' + error), complete: () => received.push('complete'),
    });
  }

  async function upload({ url, name }) {
    const query = 'mutation ($file: Upload!) { uploadTaskFiles(input: { taskId: "Task:1", files: [$file] }) { errors { message } } }';
    const form = new FormData();
    form.set('operations', JSON.stringify({ query, variables: { file: null } }));
    form.set('map', '{"0":["variables.file"]}');
    form.set('0', new File(['content'], name));
    const authorization = 'Bearer ' + await tokens.promise;
    return (await fetch(url, { method: 'POST', headers: { authorization }, body: form })).json();
  }

  Object.assign(globalThis, { application: {
    received, closeCodes, startSignIn, finishSignIn, refresh, loseToken, subscribe, upload,
  } });
`;

/** Calls a function of the application in its page. */
const call = (page: Page, name: string, argument: unknown = {}): Promise<unknown> =>
  page.evaluate(
    ([name, argument]) =>
      (globalThis as never as { application: Record<string, (argument: unknown) => unknown> }).application[
        name as string
      ]?.(argument),
    [name, argument],
  );
const readFrom = (page: Page, name: string): Promise<unknown> =>
  page.evaluate((name) => (globalThis as never as { application: Record<string, unknown> }).application[name], name);

describe.runIf(isInstalled('Chromium'))('Chromium', () => {
  test('a page of another origin signs in, uploads, subscribes, loses its token, refreshes, and misses nothing', async () => {
    await using site = await startSite(APPLICATION);
    await using provider = await startOpenIdProvider({ lifetime: 15, redirectUris: [`${site.origin}/`] });
    await using server = await startTestServer({ ...acceptsAccountsOf(provider.issuer), CORS_ORIGINS: site.origin });
    const client = { issuer: provider.issuer, clientId: CLIENT_ID };
    await using browser = await openPage(site.origin);
    const { page } = browser;
    await Promise.all([page.waitForURL(/\?code=/), call(page, 'startSignIn', { ...client, account: 'ada' })]);
    await call(page, 'finishSignIn', client);

    const url = server.graphqlUrl;
    const after = await cursorOf(server, 'Task:1');
    expect(await call(page, 'upload', { url, name: 'one' })).toEqual({ data: { uploadTaskFiles: { errors: [] } } });
    await call(page, 'subscribe', {
      url: server.wsUrl,
      query: eventSubscription(),
      variables: { on: 'Task:1', after },
    });
    await expect.poll(() => readFrom(page, 'received')).toEqual(['one']);

    await call(page, 'loseToken');
    await expect.poll(() => readFrom(page, 'closeCodes')).toEqual([4403]);
    await uploadFile(server, 'Task:1', 'two');
    await call(page, 'refresh', client);
    await expect.poll(() => readFrom(page, 'received')).toEqual(['one', 'two']);
    expect(await call(page, 'upload', { url, name: 'three' })).toEqual({ data: { uploadTaskFiles: { errors: [] } } });
    await expect.poll(() => readFrom(page, 'received')).toEqual(['one', 'two', 'three']);

    const users = await ask<{ users: { nodes: { displayName: string }[] } }>(
      server,
      '{ users(first: 10) { nodes { displayName } } }',
    );
    expect(users.users.nodes.map(({ displayName }) => displayName)).toContain('ada');
  });
});
