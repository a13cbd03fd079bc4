import { createHash, randomBytes } from 'node:crypto';

export interface Place {
  url: string;
  key: string;
}

/** What a server has said, and what has to be true for ever after. */
export interface Said {
  /** Files that it acknowledged, by id, with the hash of what was sent. */
  kept: Map<string, string>;
  /** Files whose removal it acknowledged. */
  removed: Set<string>;
  /** Files whose removal was asked for and not answered: there or not. */
  asked: Set<string>;
}

export const newSaid = (): Said => ({ kept: new Map(), removed: new Set(), asked: new Set() });

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions: { code: string } }[];
}

/** Sends a query, with files for its variable `files`. Rejects with what was answered instead of data. */
export async function ask<Data>(
  { url, key }: Place,
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
  const { data, errors = [] } = (await response.json()) as Answer<Data>;
  // What is not there is told as null, and as an error beside it.
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

type Work = (place: Place, said: Said) => Promise<void>;

const upload =
  (sizes: readonly number[], parentOf: () => string | undefined = () => undefined): Work =>
  async (place, said) => {
    const contents = sizes.map((size) => randomBytes(size));
    const parentId = parentOf();
    type Data = { uploadTaskFiles: { files: { id: string }[]; errors: { message: string }[] } };
    const { uploadTaskFiles } = await ask<Data>(place, uploadQuery, { parentId }, contents);
    if (uploadTaskFiles.files.length !== sizes.length) throw new Error(JSON.stringify(uploadTaskFiles.errors));
    for (const [index, { id }] of uploadTaskFiles.files.entries()) said.kept.set(id, sha256(contents[index] as Buffer));
  };

const inline: Work = async (place, said) => {
  const content = randomBytes(2000);
  type Data = { createTaskFile: { file: { id: string } } };
  const { createTaskFile } = await ask<Data>(place, inlineQuery, { blob: content.toString('base64') });
  said.kept.set(createTaskFile.file.id, sha256(content));
};

/** By tus, in two requests. */
const resumable: Work = async ({ url, key }, said) => {
  const content = randomBytes(400_000);
  const tus = async (method: string, path: string, headers: Record<string, string>, body?: Uint8Array<ArrayBuffer>) => {
    const common = { authorization: `Bearer ${key}`, 'tus-resumable': '1.0.0' };
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...common, ...headers },
      ...(body ? { body } : {}),
    });
    if (!response.ok) throw new Error(`${method} was answered with ${response.status}: ${await response.text()}`);
    return response.headers;
  };
  const on = Buffer.from('Task:1').toString('base64');
  const begun = { 'upload-length': String(content.length), 'upload-metadata': `on ${on}` };
  const path = (await tus('POST', '/uploads', begun)).get('location') ?? '';
  let fileId: string | null = null;
  for (const [from, to] of [
    [0, 250_000],
    [250_000, content.length],
  ] as const) {
    const piece = { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(from) };
    fileId = (await tus('PATCH', path, piece, new Uint8Array(content.subarray(from, to)))).get('attache-file-id');
  }
  if (!fileId) throw new Error('An upload by tus came to its end without a file.');
  said.kept.set(fileId, sha256(content));
};

/** Uploads a file and removes it again. */
const passing: Work = async (place, said) => {
  const own = newSaid();
  await upload([500])(place, own);
  const [[id, sum] = ['', '']] = own.kept;
  said.kept.set(id, sum);
  said.asked.add(id);
  await ask(place, removeQuery, { id });
  said.removed.add(id);
};

/** Uploads one version after the other of a file of its own. */
function versions(): Work {
  let last: string | undefined;
  return async (place, said) => {
    const own = newSaid();
    await upload([5000], () => last)(place, own);
    [last] = own.kept.keys();
    for (const [id, sum] of own.kept) said.kept.set(id, sum);
  };
}

/** Several of each kind at once, again and again, until the server is gone. Rejects when it refuses what is right. */
export async function workUntilGone(place: Place, said: Said, isGone: () => boolean): Promise<void> {
  const works = [upload([0]), upload([10]), upload([131_068]), upload([3_000_000]), upload([10, 70_000, 0, 300_000])];
  const all = [...works, upload([1000]), inline, resumable, passing, versions()];
  await Promise.all(
    all.map(async (work) => {
      for (;;) {
        try {
          await work(place, said);
        } catch (error) {
          if (isGone()) return;
          throw error;
        }
      }
    }),
  );
}
