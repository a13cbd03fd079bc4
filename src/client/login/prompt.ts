import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { InterruptedError } from '../errors.ts';

/** Shows a prompt on the terminal, and returns the line that was typed. */
export async function promptForLine(prompt: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const interrupted = new AbortController();
  terminal.once('SIGINT', () => interrupted.abort());
  try {
    return await terminal.question(prompt, { signal: interrupted.signal });
  } catch (error) {
    throw interrupted.signal.aborted ? new InterruptedError('SIGINT') : error;
  } finally {
    terminal.close();
  }
}

/** All of standard input, which ends with the key. */
export const readStandardInput = (): Promise<string> => text(process.stdin);

const ENTER = ['\r', '\n'];
const CTRL_C = '\x03';
const CTRL_D = '\x04';
const BACKSPACE = ['\x7f', '\b'];

/** The same without showing what is typed. */
export async function promptForSecret(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(prompt);
  stdin.setRawMode(true).setEncoding('utf8');
  let secret = '';
  try {
    for await (const chunk of stdin.iterator({ destroyOnReturn: false })) {
      for (const character of chunk as string) {
        if (ENTER.includes(character) || character === CTRL_D) return secret;
        if (character === CTRL_C) throw new InterruptedError('SIGINT');
        secret = BACKSPACE.includes(character) ? secret.slice(0, -1) : secret + character;
      }
    }
    return secret;
  } finally {
    stdin.setRawMode(false).pause();
    stderr.write('\n');
  }
}
