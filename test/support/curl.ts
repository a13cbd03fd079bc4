import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Answered {
  status: number;
  headers: Headers;
  body: string;
}

/** Sends a request with the `curl` that is installed. */
export async function curl(...args: string[]): Promise<Answered> {
  const { stdout } = await promisify(execFile)('curl', ['-s', '-i', '-H', 'Expect:', ...args], { encoding: 'latin1' });
  const end = stdout.indexOf('\r\n\r\n');
  const [line = '', ...lines] = stdout.slice(0, end).split('\r\n');
  const headers = new Headers(
    lines.map((text): [string, string] => [text.split(':', 1)[0] ?? '', text.split(': ').slice(1).join(': ')]),
  );
  return { status: Number(line.split(' ')[1]), headers, body: Buffer.from(stdout.slice(end + 4), 'latin1').toString() };
}
