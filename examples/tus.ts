/**
 * Uploads a file with tus-js-client, which continues after a lost connection.
 * ATTACHE_URL=http://127.0.0.1:4000 ATTACHE_KEY=att_… npm run example examples/tus.ts film.mp4 Task:1
 */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { defaultOptions, Upload } from 'tus-js-client';

const { ATTACHE_URL = 'http://127.0.0.1:4000', ATTACHE_KEY = '' } = process.env;
const [path = 'hello.txt', on = 'Task:1'] = process.argv.slice(2);

let fileId: string | undefined;
// In a browser, a file of <input type="file">.
const upload = new Upload(createReadStream(path) as never, {
  endpoint: `${ATTACHE_URL}/uploads`,
  metadata: { filename: basename(path), on },
  chunkSize: 16 * 1024 ** 2,
  retryDelays: [0, 1000, 3000, 5000, 10_000, 30_000],
  // Called for each request: also after a token has expired.
  onBeforeRequest: (request) => request.setHeader('Authorization', `Bearer ${ATTACHE_KEY}`),
  // In browsers, uploads are resumed after a reload by this name: the target is part of it.
  fingerprint: async (file, options) =>
    `${await defaultOptions.fingerprint(file, options)}-${JSON.stringify(options.metadata)}`,
  removeFingerprintOnSuccess: true,
  onProgress: (sent, total) => console.log('sent', sent, 'of', total),
  onAfterResponse(_request, response) {
    fileId = response.getHeader('attache-file-id') ?? fileId;
  },
  onError(error) {
    throw error;
  },
  onSuccess: () => console.log('uploaded', fileId),
});
const [previous] = await upload.findPreviousUploads();
if (previous) upload.resumeFromPreviousUpload(previous);
upload.start();
