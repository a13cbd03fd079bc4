import { request } from 'node:http';
import type { ServerProcess } from './server-process.ts';

const query = `mutation ($files: [Upload!]!) {
  uploadTaskFiles(input: { taskId: "Task:1", files: $files }) { files { id size sha256 } errors { message } }
}`;
const boundary = 'a-boundary-of-the-benchmarks';
const chunk = Buffer.alloc(1024 * 1024, 'Some bytes that are always the same. ');

/** Sends one file of `size` bytes in a multipart request, at the pace at which the server reads it. */
export function sendUpload(server: ServerProcess, size: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const field = (name: string, value: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const head =
      field('operations', JSON.stringify({ query, variables: { files: [null] } })) +
      field('map', JSON.stringify({ 0: ['variables.files.0'] })) +
      `--${boundary}\r\nContent-Disposition: form-data; name="0"; filename="big.bin"\r\n` +
      'Content-Type: application/octet-stream\r\n\r\n';
    const tail = `\r\n--${boundary}--\r\n`;
    const sending = request(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${server.key}`,
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': head.length + size + tail.length,
      },
    });
    sending.once('error', reject);
    sending.once('response', async (response) => resolve((await response.toArray()).join('')));
    sending.write(head);
    let left = size;
    const write = () => {
      while (left > 0) {
        const bytes = chunk.subarray(0, Math.min(left, chunk.length));
        left -= bytes.length;
        if (!sending.write(bytes)) return void sending.once('drain', write);
      }
      sending.end(tail);
    };
    write();
  });
}
