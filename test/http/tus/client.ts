import { Upload, type UploadOptions } from 'tus-js-client';

export { sha256 } from '../../support/download.ts';

/** Returns bytes without repetition, so that a chunk at a wrong offset changes the hash. */
export function bytesOf(length: number, seed = 1): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let at = 0; at < length; at++) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    bytes[at] = state >> 16;
  }
  return bytes;
}

export interface Place {
  url: string;
  key: string;
}

/**
 * Uploads as an application with tus-js-client does.
 * Returns the id of the file from the response header, and the address of the upload.
 */
export function uploadByTus(
  place: Place,
  bytes: Buffer,
  metadata: Record<string, string> = {},
  options: Partial<UploadOptions> = {},
): Promise<{ fileId: string | undefined; location: string }> {
  return new Promise((resolve, reject) => {
    let fileId: string | undefined;
    const upload = new Upload(bytes as never, {
      endpoint: `${place.url}/uploads`,
      headers: { authorization: `Bearer ${place.key}` },
      metadata: { filename: 'a.bin', ...metadata },
      retryDelays: [0, 50, 200, 500, 1000, 2000, 3000],
      onAfterResponse(_request, response) {
        fileId = response.getHeader('attache-file-id') ?? fileId;
      },
      onError: reject,
      onSuccess: () => resolve({ fileId, location: new URL(upload.url ?? '', place.url).href }),
      ...options,
    });
    upload.start();
  });
}

/** Sends one request of the tus protocol. */
export function tus(place: Place, method: string, path: string, headers: Record<string, string> = {}, body?: BodyInit) {
  return fetch(new URL(path, place.url), {
    method,
    headers: { authorization: `Bearer ${place.key}`, 'tus-resumable': '1.0.0', ...headers },
    ...(body === undefined ? {} : { body }),
  });
}

export const piece = (offset: number) => ({
  'content-type': 'application/offset+octet-stream',
  'upload-offset': String(offset),
});

export function metadata(pairs: Record<string, string>): string {
  return Object.entries(pairs)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');
}

/** Creates an upload and returns its path. */
export async function begin(place: Place, length: number, pairs: Record<string, string> = {}): Promise<string> {
  const headers = { 'upload-length': String(length), 'upload-metadata': metadata({ filename: 'a.bin', ...pairs }) };
  const response = await tus(place, 'POST', '/uploads', headers);
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
  return response.headers.get('location') ?? '';
}

/** Returns the offset that the server reports. */
export async function offsetOf(place: Place, path: string): Promise<number> {
  return Number((await tus(place, 'HEAD', path)).headers.get('upload-offset') ?? Number.NaN);
}
