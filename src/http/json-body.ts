import type { IncomingMessage } from 'node:http';
import { BadInput, Timeout, TooLarge } from '../errors.ts';

/** No honest client pauses this long in the middle of a query. */
const IDLE_MS = 30_000;

/** Reads a JSON body of at most `limit` bytes. Throws `BadInput`, `TooLarge`, `Timeout`. */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const text = await readText(request, limit);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadInput(`The body is not JSON: ${(error as Error).message}`);
  }
}

function readText(request: IncomingMessage, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (act: () => void) => {
      clearTimeout(idle);
      request.off('data', take).off('end', end).off('error', gone).off('close', gone);
      act();
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      idle.refresh();
      if (size > limit)
        settle(() =>
          reject(
            new TooLarge(`A query may have at most ${limit} bytes. Send files as parts of a multipart request.`, limit),
          ),
        );
      else chunks.push(chunk);
    };
    const end = () => settle(() => resolve(Buffer.concat(chunks).toString()));
    const gone = () => settle(() => reject(new BadInput('The client went away in the middle of its request.')));
    const idle = setTimeout(
      () => settle(() => reject(new Timeout('The rest of the request did not come in time.'))),
      IDLE_MS,
    );
    request.on('data', take).once('end', end).once('error', gone).once('close', gone);
    // It may have gone before anybody looked, and what had come of it, even whole, with it.
    if (request.destroyed) gone();
  });
}
