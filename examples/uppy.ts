/** For a page: an Uppy that uploads to one attachable. Add its Dashboard, or your own buttons. */
import Uppy from '@uppy/core';
import Tus from '@uppy/tus';

export interface UppyOptions {
  /** The address of the server, such as `http://127.0.0.1:4000`. */
  url: string;
  /** An API key, or the current token of an identity provider. */
  token(): Promise<string>;
  /** The attachable, such as `Task:1`. */
  on: string;
}

export function createUppy({ url, token, on }: UppyOptions) {
  // Uppy resumes uploads by its `id`: one instance for each target.
  const uppy = new Uppy({ id: on, meta: { on } });
  uppy.use(Tus, {
    endpoint: `${url}/uploads`,
    // Called for each request: also after a token has expired.
    onBeforeRequest: async (request) => request.setHeader('Authorization', `Bearer ${await token()}`),
    removeFingerprintOnSuccess: true,
  });
  uppy.on('upload-progress', (_file, { bytesUploaded, bytesTotal }) =>
    console.log('sent', bytesUploaded, 'of', bytesTotal),
  );
  uppy.on('upload-success', (file) => console.log('uploaded', file?.name));
  uppy.on('upload-error', (file, error) => console.error('failed', file?.name, error.message));
  return uppy;
}
