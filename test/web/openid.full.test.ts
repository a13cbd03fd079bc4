import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePorts } from '../../scripts/support/ports.ts';
import { uploadFile } from '../support/files.ts';
import {
  acceptsAccountsOf,
  CLIENT_ID,
  type OpenIdProvider,
  type ProviderOptions,
  startOpenIdProvider,
} from '../support/oidc-provider.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { loaded, runUntilAnswered } from './explorer.ts';
import { MIB, slowDown } from './upload-page.ts';
import { chooseFiles, expectAccessible, launchBrowser, rowOf, signIn, visit } from './visit.ts';

const NAME = 'the staff';
/** Seconds. A test waits for the end of such tokens. */
const SHORT = 9;

/** A provider with forms, and a server whose page signs people in there. */
async function startBoth(options: ProviderOptions = {}, env: Record<string, string> = {}) {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}/`;
  await using stack = new AsyncDisposableStack();
  const provider = stack.use(await startOpenIdProvider({ redirectUris: [url], hasForms: true, ...options }));
  const server = stack.use(
    await startTestServer({
      PORT: String(port),
      ...acceptsAccountsOf(provider.issuer),
      AUTH_JWT_CLIENT_ID: CLIENT_ID,
      AUTH_JWT_CLIENT_NAME: NAME,
      AUTH_JWT_CLIENT_SCOPE: 'openid',
      ...env,
    }),
  );
  const running = stack.move();
  return { provider, server, url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

const button = (page: Page) => page.getByRole('button', { name: `Sign in with ${NAME}` });

/** Opens the page. The provider's own pages load a font from elsewhere, which tests do not. */
async function open(browser: Browser, url: string) {
  const session = await visit(browser, 'about:blank');
  await session.page.context().route(/googleapis/, (route) => route.fulfill({ contentType: 'text/css', body: '' }));
  await session.page.goto(url);
  return session;
}

/** Fills in the forms of the provider, from the page's button on. */
async function useForms(page: Page, account: string): Promise<void> {
  await button(page).click();
  await page.getByPlaceholder('Enter any login').fill(account);
  await page.getByPlaceholder('and password').fill('secret');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function signInAs(page: Page, account: string): Promise<void> {
  await useForms(page, account);
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

const tokenIn = (page: Page): Promise<string> =>
  page.evaluate(() => JSON.parse(sessionStorage['attache / credentials']).token);

/** Reloads just after a renewal: during one, a refresh token that works once would be lost. */
async function reloadAfterRenewal(page: Page): Promise<void> {
  const token = await tokenIn(page);
  await expect.poll(() => tokenIn(page), { timeout: 30_000, interval: 50 }).not.toBe(token);
  await page.reload();
}

const changeCredentials = (page: Page, changed: object) =>
  page.evaluate((change) => {
    const stored = JSON.parse(sessionStorage['attache / credentials']);
    sessionStorage['attache / credentials'] = JSON.stringify({ ...stored, ...change });
  }, changed);

const refreshesOf = (page: Page, { issuer }: OpenIdProvider) => {
  const refreshes: string[] = [];
  page.on('request', (request) => {
    const body = request.postData() ?? '';
    if (request.url() === `${issuer}/token` && body.includes('grant_type=refresh_token')) refreshes.push(body);
  });
  return refreshes;
};

describe.skipIf(!isInstalled('Chromium'))('signing in on the page with an OpenID provider', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('a person signs in by its form, stays where they were, and signs out there as well', async () => {
    await using both = await startBoth();
    await using session = await open(browser, `${both.url}#/Project:1`);
    const { page } = session;
    await button(page).waitFor();
    await expectAccessible(page);
    await signInAs(page, 'ada');
    expect(page.url()).toBe(`${both.url}#/Project:1`);
    await page.getByText('ada', { exact: true }).waitFor();
    // Neither the code nor a token is in the history or in the storage of other tabs.
    expect(await page.evaluate(() => JSON.stringify(localStorage))).toBe('{}');
    await page.reload();
    const revoked = page.waitForResponse(`${both.provider.issuer}/token/revocation`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect((await revoked).status()).toBe(200);
    await page.getByRole('button', { name: /yes/i }).click();
    await button(page).waitFor();
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).toBe('{}');
    // The provider asks again.
    await signInAs(page, 'bob');
    await page.getByText('bob', { exact: true }).waitFor();
  });

  test('tokens are renewed during a long upload and a subscription, and nothing is lost', async () => {
    await using both = await startBoth({ lifetime: SHORT });
    await using session = await open(browser, `${both.url}#/Task:1`);
    const { page } = session;
    const refreshes = refreshesOf(page, both.provider);
    await signInAs(page, 'ada');
    await page.getByText('Connected').waitFor();
    const token = await tokenIn(page);
    // The upload lasts longer than the token with which it begins.
    await slowDown(page, (8 * MIB) / (2 * SHORT));
    await chooseFiles(page, [{ name: 'large.bin', content: Buffer.alloc(8 * MIB, 1) }]);
    await expect.poll(() => refreshes.length).toBeGreaterThan(1);
    await uploadFile(both.server, 'Task:1', 'by another.txt');
    await rowOf(page, 'by another.txt').waitFor();
    await rowOf(page, 'large.bin').waitFor();
    expect(await tokenIn(page)).not.toBe(token);
    // Each refresh token was used once.
    expect(new Set(refreshes).size).toBe(refreshes.length);
    await reloadAfterRenewal(page);
    await rowOf(page, 'large.bin').waitFor();
    // On a busy machine, such a short token may end on its way: the request is sent again.
    expect(session.complaints.filter((text) => !text.includes('401'))).toEqual([]);
  }, 120_000);

  test('while the provider cannot be reached, the session stays, and continues once it can', async () => {
    await using both = await startBoth({ lifetime: SHORT });
    await using session = await open(browser, `${both.url}#/projects`);
    const { page } = session;
    await signInAs(page, 'ada');
    await page.route(`${both.provider.issuer}/token`, (route) => route.abort());
    await page.waitForTimeout((SHORT + 1) * 1000);
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await page.unroute(`${both.provider.issuer}/token`);
    await page.reload();
    await page.getByRole('heading', { name: 'Projects' }).waitFor();
  });

  test('a token that the server refuses before its end is renewed when the page is loaded', async () => {
    await using both = await startBoth();
    await using session = await open(browser, `${both.url}#/projects`);
    const { page } = session;
    await signInAs(page, 'ada');
    const [head, , signature] = (await tokenIn(page)).split('.');
    const refused = [head, btoa('{"iat":0,"exp":1}'), signature].join('.');
    await changeCredentials(page, { token: refused });
    await page.route(`${both.provider.issuer}/token`, (route) => route.abort());
    await page.reload();
    await page.getByText('provider cannot be reached').waitFor();
    await page.unroute(`${both.provider.issuer}/token`);
    await page.getByRole('heading', { name: 'Projects' }).waitFor();
    expect(await tokenIn(page)).not.toBe(refused);
    await changeCredentials(page, { expiresAt: 0, refreshToken: 'unknown' });
    await page.reload();
    await page.getByRole('alert').getByText('continue where you were').waitFor();
  });

  test('a page that was loaded while the server could not reach the provider continues once it can', async () => {
    await using both = await startBoth();
    await using session = await open(browser, `${both.url}#/projects`);
    const { page } = session;
    await signInAs(page, 'ada');
    await changeCredentials(page, { expiresAt: 0 });
    await page.route(both.url, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/"endpoints":\{[^}]*\}/, '"endpoints":null');
      await route.fulfill({ response, body });
    });
    await page.reload();
    await page.getByText('provider cannot be reached').waitFor();
    await page.unroute(both.url);
    await page.getByRole('heading', { name: 'Projects' }).waitFor();
  });

  test('a duplicated tab continues with the tokens that the other one gets', async () => {
    await using both = await startBoth({ lifetime: SHORT });
    await using session = await open(browser, `${both.url}#/projects`);
    const { page } = session;
    const refreshes = refreshesOf(page, both.provider);
    await signInAs(page, 'ada');
    const opened = page.waitForEvent('popup');
    await page.evaluate(() => void window.open(location.href));
    const second = await opened;
    await second.getByRole('button', { name: 'Sign out' }).waitFor();
    await expect.poll(() => refreshes.length + refreshesOf(second, both.provider).length).toBeGreaterThan(0);
    await page.waitForTimeout(2 * SHORT * 1000);
    for (const tab of [page, second]) {
      await reloadAfterRenewal(tab);
      await tab.getByRole('heading', { name: 'Projects' }).waitFor();
    }
  }, 120_000);

  test('a renewal in one tab leaves the remembered key of another tab alone', async () => {
    await using both = await startBoth({ lifetime: SHORT });
    await using session = await open(browser, `${both.url}#/projects`);
    const { page } = session;
    await signInAs(page, 'ada');
    const second = await page.context().newPage();
    await second.goto(both.url);
    await second.getByRole('checkbox').check();
    await signIn(second, both.server.key);
    const token = await tokenIn(page);
    await expect.poll(() => tokenIn(page), { timeout: 30_000 }).not.toBe(token);
    await second.getByRole('button', { name: 'Sign out' }).waitFor();
    await second.reload();
    await second.getByRole('link', { name: 'Administrator', exact: true }).waitFor();
  });

  test('a refused renewal asks to sign in again, and the location stays', async () => {
    await using both = await startBoth({ lifetime: SHORT });
    await using session = await open(browser, `${both.url}#/Project:1`);
    const { page } = session;
    await signInAs(page, 'ada');
    await both.provider.rotateKeys();
    await page.getByRole('alert').getByText('Your session has ended').waitFor();
    await signInAs(page, 'ada');
    expect(page.url()).toBe(`${both.url}#/Project:1`);
  });

  test("the provider's refusal is explained", async () => {
    await using both = await startBoth();
    await using session = await open(browser, both.url);
    const { page } = session;
    await button(page).click();
    await page.getByText('[ Cancel ]').click();
    await page.getByRole('alert').getByText(`${NAME} refused the sign-in`).waitFor();
    await expectAccessible(page);
    expect(page.url()).toBe(both.url);
  });

  test('an answer with another state, or to no sign-in of this tab, is refused, and its code is not used', async () => {
    await using both = await startBoth();
    await using session = await open(browser, both.url);
    const { page } = session;
    const tokenRequests: string[] = [];
    page.on('request', (request) => request.url().includes('/token') && tokenRequests.push(request.url()));
    await button(page).click();
    await page.getByPlaceholder('Enter any login').waitFor();
    const answer = new URLSearchParams({ code: 'of-another', state: 'of-another', iss: both.provider.issuer });
    await page.goto(`${both.url}?${answer}`);
    await page.getByRole('alert').getByText('nobody was signed in').waitFor();
    await page.goto(`${both.url}?${answer}`);
    await page.getByRole('alert').getByText('belongs to no sign-in').waitFor();
    expect([page.url(), tokenRequests]).toEqual([both.url, []]);
    // It does not change who is signed in.
    await signIn(page, both.server.key);
    await page.goto(`${both.url}?${answer}`);
    await page.getByRole('link', { name: 'Administrator', exact: true }).waitFor();
    expect([page.url(), tokenRequests]).toEqual([both.url, []]);
  });

  test('where access tokens are for others, ID tokens sign in and are renewed', async () => {
    const env = { AUTH_JWT_AUDIENCE: CLIENT_ID, AUTH_JWT_CLIENT_TOKEN: 'id' };
    await using both = await startBoth({ idLifetime: SHORT }, env);
    await using session = await open(browser, `${both.url}#/account`);
    const { page } = session;
    await signInAs(page, 'ada');
    await page.getByRole('heading', { name: 'API keys' }).waitFor();
    const token = await tokenIn(page);
    await expect.poll(() => tokenIn(page)).not.toBe(token);
    await reloadAfterRenewal(page);
    await page.getByRole('heading', { name: 'API keys' }).waitFor();
    expect(session.complaints).toEqual([]);
  });

  test('a provider that renews without an ID token ends the session with the token, and says so', async () => {
    const env = { AUTH_JWT_AUDIENCE: CLIENT_ID, AUTH_JWT_CLIENT_TOKEN: 'id' };
    await using both = await startBoth({ idLifetime: SHORT }, env);
    await using session = await open(browser, `${both.url}#/account`);
    const { page } = session;
    await signInAs(page, 'ada');
    const refreshes = refreshesOf(page, both.provider);
    await page.route(`${both.provider.issuer}/token`, async (route) => {
      const response = await route.fetch();
      const { id_token: _, ...json } = await response.json();
      await route.fulfill({ response, json });
    });
    // In the middle, the token is still used.
    await expect.poll(() => refreshes.length, { timeout: 20_000 }).toBe(1);
    await page.getByRole('heading', { name: 'API keys' }).waitFor();
    await page.getByRole('alert').getByText('without an ID token').waitFor();
    // The second renewal had the refresh token of the first.
    expect([refreshes.length, new Set(refreshes).size]).toEqual([2, 2]);
    await expectAccessible(page);
  }, 120_000);

  test('a provider that accepts a request and never answers does not stop the tabs', async () => {
    await using both = await startBoth({ lifetime: SHORT });
    await using session = await open(browser, `${both.url}#/projects`);
    const { page } = session;
    await signInAs(page, 'ada');
    const failed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/token'));
    await page.route(`${both.provider.issuer}/token`, () => {});
    await failed;
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await page.unroute(`${both.provider.issuer}/token`);
    await page.reload();
    await page.getByRole('heading', { name: 'Projects' }).waitFor();
  }, 120_000);

  test('a token that the server refuses is explained, as one for another audience', async () => {
    await using both = await startBoth({}, { AUTH_JWT_AUDIENCE: 'another' });
    await using session = await open(browser, both.url);
    const { page } = session;
    await useForms(page, 'ada');
    await page.getByRole('alert').getByText('another audience').waitFor();
  });

  test('the policy of the page allows requests to the provider, and its HTML holds no secret', async () => {
    await using both = await startBoth();
    const response = await fetch(both.url);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`connect-src 'self' ${both.provider.issuer};`);
    const again = await fetch(both.url, { headers: { 'if-none-match': response.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    await using plain = await startTestServer({ AUTH_JWT_SECRET: 'a secret of at least thirty-two bytes' });
    const other = await fetch(new URL('/', plain.url));
    expect(other.headers.get('content-security-policy')).toContain("connect-src 'self';");
    expect(await other.text()).not.toContain('settings');
  });

  test('while the provider is down, keys work, and the page says so', async () => {
    const stopped = await startOpenIdProvider();
    await stopped[Symbol.asyncDispose]();
    await using server = await startTestServer({
      ...acceptsAccountsOf(stopped.issuer),
      AUTH_JWT_CLIENT_ID: CLIENT_ID,
      AUTH_JWT_CLIENT_NAME: NAME,
    });
    await using session = await open(browser, server.url);
    const { page } = session;
    await page.getByText('cannot be reached at present').waitFor();
    await expectAccessible(page);
    await using _provider = await startOpenIdProvider({}, Number(new URL(stopped.issuer).port));
    await expect
      .poll(async () => {
        const retry = page.getByRole('button', { name: `Try ${NAME} again` });
        await retry.or(button(page)).waitFor();
        if (await retry.isVisible()) await retry.click();
        return button(page).isVisible();
      })
      .toBe(true);
  });

  test('a person who begins in GraphiQL comes back to it, signed in', async () => {
    await using both = await startBoth();
    await using session = await open(browser, `${both.url}graphql`);
    const { page } = session;
    await useForms(page, 'gina');
    await page.getByRole('tab', { name: 'Workspace' }).waitFor();
    expect(page.url()).toBe(`${both.url}graphql`);
    await loaded(page);
    await runUntilAnswered(page, '"displayName"');
  });
});
