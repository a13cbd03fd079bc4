import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Responds to `Expect: 100-continue` when the body is first read. A client that is refused before,
 * such as for a wrong key, does not send its body. Node by itself responds as soon as it has the
 * headers.
 * https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
 */
export function sendContinueOnRead(server: Server): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    const read = request._read.bind(request);
    let isFirst = true;
    request._read = (size) => {
      // After the response, the body is only read to be discarded.
      if (isFirst && !response.headersSent) response.writeContinue();
      isFirst = false;
      read(size);
    };
    server.emit('request', request, response);
  });
}
