import { type Agent, request } from 'node:http';
import type { ServerProcess } from './server-process.ts';

const queryOf = (taskId: string, fields: string) => `mutation ($files: [Upload!]!) {
  uploadTaskFiles(input: { taskId: "${taskId}", files: $files }) { files { id size } errors { message } ${fields} }
}`;
const boundary = 'a-boundary-of-the-benchmarks';
const chunk = Buffer.alloc(1024 * 1024, 'Some bytes that are always the same. ');

export interface UploadOptions {
  /** The number of files in the request. */
  files?: number;
  /** Sends the bytes as the body instead of a form. */
  isBare?: boolean;
  agent?: Agent;
  /** Additional fields to select. */
  fields?: string;
  /** `Task:1` unless given. */
  taskId?: string;
}

/**
 * Sends files of `size` bytes in one multipart request, as fast as the server reads it. Returns the
 * body of the response.
 */
export function sendUpload(server: ServerProcess, size: number, options: UploadOptions = {}): Promise<string> {
  const { files = 1, isBare = false, agent, fields = '', taskId = 'Task:1' } = options;
  const parts = isBare ? [size] : [...partsOf(files, size, queryOf(taskId, fields))];
  return new Promise((resolve, reject) => {
    const sending = request(`${server.url}/graphql`, {
      method: 'POST',
      ...(agent ? { agent } : {}),
      headers: {
        authorization: `Bearer ${server.key}`,
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': parts.reduce<number>((sum, part) => sum + lengthOf(part), 0),
      },
    });
    sending.once('error', reject);
    sending.once('response', async (response) => resolve((await response.toArray()).join('')));
    const bytes = bytesOf(parts);
    const write = () => {
      // Not `for … of`, because leaving the loop would close the generator.
      for (let next = bytes.next(); !next.done; next = bytes.next())
        if (!sending.write(next.value)) return void sending.once('drain', write);
      sending.end();
    };
    write();
  });
}

/** A part of a form: text, or a number of bytes of a file. */
type Part = string | number;

const lengthOf = (part: Part) => (typeof part === 'string' ? Buffer.byteLength(part) : part);

function* partsOf(files: number, size: number, query: string): Generator<Part> {
  const numbers = Array.from({ length: files }, (_, index) => index);
  const field = (name: string, value: unknown) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${JSON.stringify(value)}\r\n`;
  yield field('operations', { query, variables: { files: numbers.map(() => null) } });
  yield field('map', Object.fromEntries(numbers.map((index) => [index, [`variables.files.${index}`]])));
  for (const index of numbers) {
    yield `--${boundary}\r\nContent-Disposition: form-data; name="${index}"; filename="file-${index}.bin"\r\n` +
      'Content-Type: application/octet-stream\r\n\r\n';
    yield size;
    yield '\r\n';
  }
  yield `--${boundary}--\r\n`;
}

function* bytesOf(parts: readonly Part[]): Generator<string | Buffer> {
  const small: Buffer[] = [];
  for (const part of parts) {
    if (typeof part === 'string') small.push(Buffer.from(part));
    else if (part <= chunk.length) small.push(chunk.subarray(0, part));
    else {
      yield Buffer.concat(small.splice(0));
      for (let left = part; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length));
    }
  }
  yield Buffer.concat(small);
}
