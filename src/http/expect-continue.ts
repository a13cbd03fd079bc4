import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Answers `Expect: 100-continue` when a body is first read, and not before: whoever is refused by then, as for a wrong
 * key, has not sent it. Node itself would ask for each body as soon as its headers are there.
 * https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
 */
export function sendContinueOnRead(server: Server): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    const read = request._read.bind(request);
    let isAsked = false;
    request._read = (size) => {
      // After the answer, what still comes is read to be thrown away, and nobody asks for it.
      if (!isAsked && !response.headersSent) response.writeContinue();
      isAsked = true;
      read(size);
    };
    server.emit('request', request, response);
  });
}
