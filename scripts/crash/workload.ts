import { createHash, randomBytes } from 'node:crypto';

export interface ServerEndpoint {
  url: string;
  key: string;
}

/** What a server has acknowledged, and must still have after a crash. */
export interface Acknowledgements {
  /** Uploaded files by id, with the SHA-256 of what was sent. */
  stored: Map<string, string>;
  /** Files whose removal was acknowledged. */
  removed: Set<string>;
  /** Files whose removal was requested: without a response they may exist or not. */
  removalRequested: Set<string>;
}

export const emptyAcknowledgements = (): Acknowledgements => ({
  stored: new Map(),
  removed: new Set(),
  removalRequested: new Set(),
});

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

interface QueryResponse<Data> {
  data?: Data | null;
  errors?: { message: string; extensions: { code: string } }[];
}

/**
 * Sends a query, with files for its variable `files`. Rejects with the response if it has no data.
 */
export async function sendQuery<Data>(
  { url, key }: ServerEndpoint,
  query: string,
  variables: object = {},
  files: readonly Uint8Array[] = [],
): Promise<Data> {
  const operations = JSON.stringify({
    query,
    variables: { ...variables, ...(files[0] && { files: files.map(() => null) }) },
  });
  const headers = { authorization: `Bearer ${key}` };
  const json = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: operations };
  const form = new FormData();
  form.set('operations', operations);
  form.set('map', JSON.stringify(Object.fromEntries(files.map((_, index) => [index, [`variables.files.${index}`]]))));
  for (const [index, bytes] of files.entries()) form.set(`${index}`, new File([new Uint8Array(bytes)], 'crash.bin'));
  const response = await fetch(`${url}/graphql`, files[0] ? { method: 'POST', headers, body: form } : json);
  const { data, errors = [] } = (await response.json()) as QueryResponse<Data>;
  // A missing node is null, with the error NOT_FOUND beside it.
  if (!data || errors.some(({ extensions }) => extensions.code !== 'NOT_FOUND'))
    throw new Error(JSON.stringify(errors));
  return data;
}

const uploadQuery = `mutation ($files: [Upload!]!, $parentId: ID) {
  uploadTaskFiles(input: { taskId: "Task:1", files: $files, parentId: $parentId }) { files { id } errors { message } }
}`;
const inlineQuery = `mutation ($blob: Base64!) {
  createTaskFile(input: { taskId: "Task:1", filename: "inline.bin", blob: $blob }) { file { id } }
}`;
const removeQuery = 'mutation ($id: ID!) { removeFile(input: { fileId: $id }) { removedFileIds } }';

type Operation = (endpoint: ServerEndpoint, acknowledged: Acknowledgements) => Promise<void>;

const upload =
  (sizes: readonly number[], parentOf: () => string | undefined = () => undefined): Operation =>
  async (endpoint, acknowledged) => {
    const contents = sizes.map((size) => randomBytes(size));
    const parentId = parentOf();
    type Data = { uploadTaskFiles: { files: { id: string }[]; errors: { message: string }[] } };
    const { uploadTaskFiles } = await sendQuery<Data>(endpoint, uploadQuery, { parentId }, contents);
    if (uploadTaskFiles.files.length !== sizes.length) throw new Error(JSON.stringify(uploadTaskFiles.errors));
    for (const [index, { id }] of uploadTaskFiles.files.entries())
      acknowledged.stored.set(id, sha256(contents[index] as Buffer));
  };

const uploadInline: Operation = async (endpoint, acknowledged) => {
  const content = randomBytes(2000);
  type Data = { createTaskFile: { file: { id: string } } };
  const { createTaskFile } = await sendQuery<Data>(endpoint, inlineQuery, { blob: content.toString('base64') });
  acknowledged.stored.set(createTaskFile.file.id, sha256(content));
};

/** Uploads by tus, in two requests. */
const uploadResumably =
  (size: number): Operation =>
  async ({ url, key }, acknowledged) => {
    const content = randomBytes(size);
    const half = Math.floor(size / 2);
    const tus = async (
      method: string,
      path: string,
      headers: Record<string, string>,
      body?: Uint8Array<ArrayBuffer>,
    ) => {
      const common = { authorization: `Bearer ${key}`, 'tus-resumable': '1.0.0' };
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { ...common, ...headers },
        ...(body ? { body } : {}),
      });
      if (!response.ok) throw new Error(`${method} returned ${response.status}: ${await response.text()}`);
      return response.headers;
    };
    const on = Buffer.from('Task:1').toString('base64');
    const begun = { 'upload-length': String(content.length), 'upload-metadata': `on ${on}` };
    const path = (await tus('POST', '/uploads', begun)).get('location') ?? '';
    let fileId: string | null = null;
    for (const [from, to] of [
      [0, half],
      [half, content.length],
    ] as const) {
      const piece = { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(from) };
      fileId = (await tus('PATCH', path, piece, new Uint8Array(content.subarray(from, to)))).get('attache-file-id');
    }
    if (!fileId) throw new Error('An upload by tus came to its end without a file.');
    acknowledged.stored.set(fileId, sha256(content));
  };

/** Uploads a file and removes it again. */
const uploadAndRemove: Operation = async (endpoint, acknowledged) => {
  const own = emptyAcknowledgements();
  await upload([500])(endpoint, own);
  const [[id, sum] = ['', '']] = own.stored;
  acknowledged.stored.set(id, sum);
  acknowledged.removalRequested.add(id);
  await sendQuery(endpoint, removeQuery, { id });
  acknowledged.removed.add(id);
};

/** Uploads one version after the other of a file of its own. */
function uploadVersions(): Operation {
  let last: string | undefined;
  return async (endpoint, acknowledged) => {
    const own = emptyAcknowledgements();
    await upload([5000], () => last)(endpoint, own);
    [last] = own.stored.keys();
    for (const [id, sum] of own.stored) acknowledged.stored.set(id, sum);
  };
}

/** Runs all operations concurrently until the server is killed. Rejects if one fails earlier. */
export async function runUntilKilled(
  endpoint: ServerEndpoint,
  acknowledged: Acknowledgements,
  isGone: () => boolean,
): Promise<void> {
  const resumable = [uploadResumably(5000), uploadResumably(400_000)];
  const works = [
    ...resumable,
    upload([0]),
    upload([10]),
    upload([131_068]),
    upload([3_000_000]),
    upload([10, 70_000, 0, 300_000]),
  ];
  const all = [...works, upload([1000]), uploadInline, uploadAndRemove, uploadVersions()];
  await Promise.all(
    all.map(async (work) => {
      for (;;) {
        try {
          await work(endpoint, acknowledged);
        } catch (error) {
          if (isGone()) return;
          throw error;
        }
      }
    }),
  );
}
