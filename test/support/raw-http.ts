import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestServer } from './server.ts';

/** Requests written byte by byte, to send what no client library sends, at any moment. */

export const BOUNDARY = 'the-boundary-of-the-tests';

export const uploadToTask = `
  mutation ($taskId: ID!, $files: [Upload!]!) {
    uploadTaskFiles(input: { taskId: $taskId, files: $files }) {
      files { id name size sha256 contentType }
      errors { index filename message code }
    }
  }
`;

/** One part with the boundary before it; `headers` are sent unchanged. */
export function part(headers: string | Uint8Array, content: string | Uint8Array = '', boundary = BOUNDARY): Buffer {
  return Buffer.concat([openPart(headers, boundary), Buffer.from(content), Buffer.from('\r\n')]);
}

/** The start of a part whose content follows later. */
export function openPart(headers: string | Uint8Array, boundary = BOUNDARY): Buffer {
  return Buffer.concat([Buffer.from(`--${boundary}\r\n`), Buffer.from(headers), Buffer.from('\r\n\r\n')]);
}

export function field(name: string, value: unknown, boundary?: string): Buffer {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return part(`content-disposition: form-data; name="${name}"`, text, boundary);
}

export const fileHeaders = (name: string, filename: string, type = 'text/plain') =>
  `content-disposition: form-data; name="${name}"; filename="${filename}"\r\ncontent-type: ${type}`;

export function file(name: string, filename: string, content: string | Uint8Array, boundary?: string): Buffer {
  return part(fileHeaders(name, filename), content, boundary);
}

export const closing = (boundary = BOUNDARY) => Buffer.from(`--${boundary}--\r\n`);

/** `operations` and `map` that upload `count` files, in parts named 0, 1, 2 …, to a task. */
export function preface(count: number, { taskId = 'Task:1', query = uploadToTask, boundary = BOUNDARY } = {}): Buffer {
  const places = Array.from({ length: count }, (_, index) => index);
  const map = Object.fromEntries(places.map((index) => [index, [`variables.files.${index}`]]));
  const variables = { taskId, files: places.map(() => null) };
  return Buffer.concat([field('operations', { query, variables }, boundary), field('map', map, boundary)]);
}

export interface HeadOptions {
  /** The content length of the body; without it, the body is chunked. */
  length?: number;
  type?: string;
  /** `null` sends no key. */
  key?: string | null;
  headers?: string[];
}

export function head(server: TestServer, { length, type, key = server.key, headers = [] }: HeadOptions): string {
  const lines = [
    'POST /graphql HTTP/1.1',
    `host: ${new URL(server.url).host}`,
    `content-type: ${type ?? `multipart/form-data; boundary=${BOUNDARY}`}`,
    length === undefined ? 'transfer-encoding: chunked' : `content-length: ${length}`,
    ...(key === null ? [] : [`authorization: Bearer ${key}`]),
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** https://www.rfc-editor.org/rfc/rfc9112#section-7.1 */
export const chunk = (bytes: Uint8Array) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);

export interface UploadPayload {
  files: { id: string; name: string; size: number; sha256: string; contentType: string }[];
  errors: { index: number; filename: string; message: string; code: string }[];
}

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: {
    data?: Record<string, UploadPayload | null | undefined> | null;
    errors?: { message: string; extensions?: { code?: string } }[];
  };
}

export class RawClient implements Disposable {
  readonly socket: Socket;
  #received = Buffer.alloc(0);
  /** How the connection ended; undefined while it is open. */
  #end: string | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#end ??= error.code ?? error.message;
    });
    socket.on('close', () => {
      this.#end ??= 'closed';
    });
  }

  /** Without `reading`, responses stay in the kernel's buffer until they are read. */
  static async open(server: TestServer, { reading = true } = {}): Promise<RawClient> {
    const { hostname, port } = new URL(server.url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const client = new RawClient(socket);
    if (reading) client.#read();
    else socket.pause();
    await once(socket, 'connect');
    return client;
  }

  #read(): void {
    this.socket.on('data', (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes as Buffer]);
    });
    this.socket.on('end', () => {
      this.#end ??= 'ended';
    });
  }

  /** Resolves when the kernel has accepted the bytes. Rejects if the connection breaks first. */
  send(bytes: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** The next complete response. Rejects if the connection ends earlier. */
  async answer(): Promise<RawAnswer> {
    if (this.socket.isPaused()) this.#read();
    this.socket.resume();
    for (;;) {
      const ended = this.#end;
      const answer = this.#take();
      if (answer && answer.status >= 200) return answer;
      if (!answer && ended) throw new Error(`${ended} after ${this.#received.length} bytes of the answer`);
      if (!answer) await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** How the connection ended, once it has: `ended` means in order. */
  async ended(): Promise<string> {
    while (this.#end === undefined) await new Promise((resolve) => setTimeout(resolve, 2));
    return this.#end;
  }

  #take(): RawAnswer | undefined {
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return undefined;
    const [statusLine = '', ...lines] = this.#received.toString('latin1', 0, headEnd).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const end = headEnd + 4 + Number(headers['content-length'] ?? 0);
    if (this.#received.length < end) return undefined;
    const text = this.#received.toString('utf8', headEnd + 4, end);
    this.#received = this.#received.subarray(end);
    return { status: Number(statusLine.split(' ')[1]), headers, body: text ? JSON.parse(text) : {} };
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** Sends a whole body on a new connection, and reads the response. */
export async function post(server: TestServer, body: Uint8Array, options: HeadOptions = {}): Promise<RawAnswer> {
  using client = await RawClient.open(server);
  // An early response may interrupt the sending; the test needs only the response.
  client.send(Buffer.concat([Buffer.from(head(server, { length: body.length, ...options })), body])).catch(() => {});
  return await client.answer();
}
