/**
 * The lower bound of delivery: `ws` sends the same bytes to each socket. POST /announce?events=1
 * sends the message in the environment variable MESSAGE.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

const message = Buffer.from(process.env.MESSAGE ?? '');
const ack = JSON.stringify({ type: 'connection_ack' });

const server = createServer((request, response) => {
  const events = Number(new URL(request.url ?? '/', 'http://localhost').searchParams.get('events'));
  response.end('ok');
  for (let event = 0; event < events; event++) {
    for (const socket of sockets.clients) socket.send(message, { binary: false });
  }
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket) => socket.once('message', () => socket.send(ack)));
server.listen(0, '127.0.0.1', () => {
  console.log(`listens at http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
});
