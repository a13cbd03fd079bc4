import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import proxyAddress from '@fastify/proxy-addr';
import type { Log } from '../context.ts';

/**
 * Returns a function that finds the address of a client. `X-Forwarded-For` counts only when a
 * trusted proxy sent it: any client can. An IPv6 address is reduced to its /64 network, all
 * addresses of which one client may use. The first untrusted proxy is logged, since all clients
 * behind it share its address.
 */
export function clientAddressResolver(
  trustedProxies: readonly string[],
  log: Log,
): (request: IncomingMessage) => string {
  const isTrusted = proxyAddress.compile([...trustedProxies]);
  let isLogged = false;
  return (request) => {
    const { remoteAddress: proxy = '' } = request.socket;
    if (!isLogged && request.headers['x-forwarded-for'] !== undefined && !isTrusted(proxy, 0)) {
      isLogged = true;
      log.warn({ proxy }, 'clients behind a proxy share one limit of failed sign-ins; TRUSTED_PROXIES can name it');
    }
    const address = proxyAddress(withoutPorts(request), isTrusted) ?? '';
    if (!address.includes(':')) return address;
    // An IPv4 client of a dual-stack socket.
    const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
    return mapped ?? (isIPv6(address) ? networkOf(address) : address);
  };
}

/**
 * Some proxies, such as Azure Application Gateway, write the port of the client beside its address:
 * every connection would count as another client.
 */
function withoutPorts(request: IncomingMessage): IncomingMessage {
  const forwarded = request.headers['x-forwarded-for'];
  if (typeof forwarded !== 'string') return request;
  const addresses = forwarded.split(',').map((part) => {
    const [, v4, v6] = /^(?:([\d.]+):\d+|\[([^\]]+)\](?::\d+)?)$/.exec(part.trim()) ?? [];
    return v4 ?? v6 ?? part;
  });
  const { socket } = request;
  return { socket, headers: { 'x-forwarded-for': addresses.join(',') } } as unknown as IncomingMessage;
}

function networkOf(address: string): string {
  const [head = '', tail = ''] = (address.split('%', 1)[0] ?? '').split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail.split(':').filter(Boolean);
  const zeros = address.includes('::') ? Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0') : [];
  const groups = [...before, ...zeros, ...after].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
