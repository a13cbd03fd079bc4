import type { Client } from 'urql';
import { describeError } from '../api/describe-error.ts';
import { graphql } from '../generated/index.ts';
import { messages } from '../messages/messages.ts';
import { fileUrl } from './file-url.ts';

/** Seconds in which a download has to begin; it may take longer. */
const LIFETIME = 300;
/** Browsers that get many downloads at once drop some of them. */
const PAUSE_MS = 400;

/** Of an error, the page reads no more than this. */
const MAX_ERROR_BYTES = 64 * 1024;

const downloadUrlQuery = graphql(`
  query DownloadUrl($id: ID!, $expiresIn: Int!) {
    file(id: $id) {
      name
      url(expiresIn: $expiresIn)
    }
  }
`);

const zipUrlQuery = graphql(`
  query ZipUrl($id: ID!, $expiresIn: Int!) {
    node(id: $id) {
      id
      ... on Attachable {
        zipUrl(expiresIn: $expiresIn)
      }
    }
  }
`);

const chosenZipUrlQuery = graphql(`
  query ChosenZipUrl($fileIds: [ID!]!, $expiresIn: Int!) {
    zipUrl(fileIds: $fileIds, expiresIn: $expiresIn)
  }
`);

const always = { requestPolicy: 'network-only' } as const;

/** Lets the browser write what is at a URL to the disk: nothing of it is held in memory. */
function save(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  // Where the server redirects to a storage, browsers may show the file: not in place of the page.
  link.target = '_blank';
  link.rel = 'noopener';
  link.click();
}

/** Downloads files, one after the other. Resolves to the text of an error. */
export async function downloadFiles(client: Client, ids: readonly string[]): Promise<string | undefined> {
  for (const [index, id] of ids.entries()) {
    const { data, error } = await client.query(downloadUrlQuery, { id, expiresIn: LIFETIME }, always);
    if (error) return describeError(error);
    if (!data?.file) return messages.files.missing;
    if (index > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    save(fileUrl(data.file.url), data.file.name);
  }
  return undefined;
}

/**
 * Downloads all files of a place as one ZIP, which the server makes while it sends it. Resolves to
 * the text of an error: too many files, for example.
 */
export async function downloadZip(client: Client, placeId: string): Promise<string | undefined> {
  const { data, error } = await client.query(zipUrlQuery, { id: placeId, expiresIn: LIFETIME }, always);
  if (error) return describeError(error);
  if (!data?.node || !('zipUrl' in data.node)) return messages.places.missing;
  return saveZip(data.node.zipUrl, `${placeId.replace(':', '-')}.zip`);
}

/** Downloads chosen files as one ZIP. Resolves to the text of an error. */
export async function downloadChosenZip(client: Client, ids: readonly string[]): Promise<string | undefined> {
  const { data, error } = await client.query(chosenZipUrlQuery, { fileIds: [...ids], expiresIn: LIFETIME }, always);
  if (error) return describeError(error);
  return data && saveZip(data.zipUrl, messages.files.zipName);
}

/** Saves what is at the URL of an archive, unless the server refuses it. */
async function saveZip(zipUrl: string, name: string): Promise<string | undefined> {
  const url = fileUrl(zipUrl);
  try {
    if (!(await fetch(url, { method: 'HEAD' })).ok) {
      const response = await fetch(url);
      if (!response.ok) return await messageOf(response);
      // Only HEAD is refused, as some proxies do. The browser gets the archive, not this page.
      await response.body?.cancel();
    }
  } catch {
    return messages.unreachable;
  }
  save(url, name);
  return undefined;
}

async function messageOf(response: Response): Promise<string> {
  try {
    const { error } = JSON.parse(await startOf(response)) as { error?: { message?: string } };
    if (error?.message) return error.message;
  } catch {
    // A page of a proxy, or longer than an error of the server is.
  }
  return `${response.status} ${response.statusText}`;
}

/** The text of a response, up to about `MAX_ERROR_BYTES`. */
async function startOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  const reader = body?.getReader();
  let text = '';
  while (reader && text.length < MAX_ERROR_BYTES) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return text;
}
