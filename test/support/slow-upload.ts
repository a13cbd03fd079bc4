import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { KEY } from './durability-files.ts';
import type { ServerProcess } from './process.ts';

export interface SlowUpload {
  /** Sends the second half, and returns the body of the response. */
  finish(): Promise<string>;
  /** Closes the connection in the middle of the file. */
  abort(): void;
}

const boundary = 'the-boundary-of-a-slow-upload';
const query = `mutation ($files: [Upload!]!) {
  uploadTaskFiles(input: { taskId: "Task:1", files: $files }) { files { id sha256 } errors { message } }
}`;

/** Sends the first half of an upload to the first task, and resolves once the server stores it. */
export async function startUpload(server: ServerProcess, dataDir: string, content: Buffer): Promise<SlowUpload> {
  const field = (name: string, value: unknown) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${JSON.stringify(value)}\r\n`;
  const sending = request(server.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
  });
  const answer = new Promise<string>((resolve, reject) => {
    sending.once('error', reject);
    sending.once('response', (response) => response.toArray().then((parts) => resolve(parts.join('')), reject));
  });
  answer.catch(() => {}); // `finish` returns the error
  const half = Math.floor(content.length / 2);
  sending.write(
    field('operations', { query, variables: { files: [null] } }) +
      field('map', { 0: ['variables.files.0'] }) +
      `--${boundary}\r\nContent-Disposition: form-data; name="0"; filename="slow.bin"\r\n\r\n`,
  );
  sending.write(content.subarray(0, half));
  const staging = join(dataDir, 'files', 'staging');
  while ((await readdir(staging)).length === 0) await pause(5);
  return {
    finish() {
      sending.write(content.subarray(half));
      sending.end(`\r\n--${boundary}--\r\n`);
      return answer;
    },
    abort: () => void sending.destroy(),
  };
}

/** Resolves once the server refuses new connections. */
export async function untilRefused({ graphqlUrl }: ServerProcess): Promise<void> {
  const { hostname, port } = new URL(graphqlUrl);
  const refused = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(Number(port), hostname);
      socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
      socket.once('connect', () => socket.destroy());
    });
  while (!(await refused())) await pause(10);
}
