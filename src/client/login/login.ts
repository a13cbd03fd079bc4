import { printable } from '../../printable.ts';
import { interruptSignal } from '../client-command.ts';
import { parseKey, parseServerUrl, warnIfExposed } from '../connection.ts';
import { credentialsPath, readCredentials, writeCredentials } from '../credentials.ts';
import { documents } from '../documents.ts';
import { ClientError, UsageError } from '../errors.ts';
import type { Environment } from '../folders.ts';
import { request } from '../graphql.ts';
import { promptForLine, promptForSecret, readStandardInput } from './prompt.ts';

/** Verifies an API key, and stores it. */
export async function login(env: Environment, server: string | undefined): Promise<void> {
  const signal = interruptSignal();
  const url = parseServerUrl(server ?? env.ATTACHE_URL ?? (await askForUrl()));
  const entered = process.stdin.isTTY ? await promptForSecret(`API key for ${url}: `) : await readStandardInput();
  const connection = warnIfExposed({ url, key: parseKey(entered) });
  const { viewer } = await request<{ viewer: { id: string; displayName: string } }>(
    connection,
    documents.viewer,
    {},
    signal,
  );
  const { servers } = await readCredentials(env);
  servers[url] = { key: connection.key, user: viewer.id };
  await writeCredentials(env, { defaultUrl: url, servers });
  console.log(`Signed in to ${url} as ${printable(viewer.displayName)} (${viewer.id}).`);
  console.log(`The key is stored in ${credentialsPath(env)}, unencrypted; only you can read it.`);
}

async function askForUrl(): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError('Name the server: attache login https://files.example.com');
  return promptForLine('Address of the server: ');
}

/** Removes the key of a server. It remains valid: only the server can revoke it. */
export async function logout(env: Environment, server: string | undefined): Promise<void> {
  const { defaultUrl, servers } = await readCredentials(env);
  const url = server === undefined ? defaultUrl : parseServerUrl(server);
  if (!url || !servers[url]) throw new ClientError(url ? `No key is stored for ${url}.` : 'No key is stored.');
  delete servers[url];
  const [next] = Object.keys(servers);
  await writeCredentials(env, { defaultUrl: url === defaultUrl ? next : defaultUrl, servers });
  console.log(`The key for ${url} is removed from this machine. It stays valid until it is revoked on the server.`);
}
