import { sendUpload, type UploadOptions } from './send-upload.ts';
import type { ServerProcess } from './server-process.ts';

const authorization = ({ key }: ServerProcess) => ({ authorization: `Bearer ${key}` });

/** Sends a query, and throws if the response has errors. */
export async function sendQuery<Data>(server: ServerProcess, query: string, variables: object = {}): Promise<Data> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { ...authorization(server), 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const { data, errors } = JSON.parse(text) as { data: Data; errors?: unknown };
  if (errors || !data) throw new Error(`A request failed: ${text}`);
  return data;
}

/** Uploads files to a task, `Task:1` unless given, and returns their ids. */
export async function upload(server: ServerProcess, size: number, options: UploadOptions = {}): Promise<string[]> {
  const responseText = await sendUpload(server, size, options);
  if (!responseText.includes('"errors":[]')) throw new Error(`An upload failed: ${responseText}`);
  const { data } = JSON.parse(responseText) as { data: { uploadTaskFiles: { files: { id: string }[] } } };
  return data.uploadTaskFiles.files.map((file) => file.id);
}

export const readPage = (server: ServerProcess): Promise<unknown> =>
  sendQuery(
    server,
    `{ task(id: "Task:1") { files(first: 50) {
      pageInfo { hasNextPage endCursor }
      nodes { id name size contentType sha256 url version createdAt createdBy { displayName } }
    } } }`,
  );

/** Downloads the first file. */
export async function download(server: ServerProcess): Promise<void> {
  const response = await fetch(`${server.url}/files/1/content`, { headers: authorization(server) });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`A download failed with ${response.status}.`);
}
