import { expect, test } from 'vitest';
import { isSafeEndpoint } from '../../../src/auth/jwt/discovery.ts';

const DOCUMENT = 'https://id.example.com/.well-known/openid-configuration';

test.each([
  'https://id.example.com/token',
  'https://id.example.com:8443/token?tenant=a;b',
  'https://xn--bcher-kva.example/token',
  'https://bücher.example/token',
  'https://192.0.2.1/token',
  'https://[2001:db8::1]:8443/token',
])('the endpoint %s can be used', (endpoint) => {
  expect(isSafeEndpoint(DOCUMENT, endpoint)).toBe(true);
});

test.each([
  'https://*/token',
  'https://*.example.com/token',
  'https://a;b.example.com/token',
  "https://a'b.example.com/token",
  'https://a,b.example.com/token',
  'https://a_b.example.com/token',
  'http://id.example.com/token',
  'data:text/plain,x',
  'not an address',
  undefined,
])('the endpoint %s would change the policy of the page or is not safe, and is refused', (endpoint) => {
  expect(isSafeEndpoint(DOCUMENT, endpoint)).toBe(false);
});

test('http is for the host of a document on localhost', () => {
  const document = 'http://127.0.0.1:9000/.well-known/openid-configuration';
  expect(isSafeEndpoint(document, 'http://127.0.0.1:9001/token')).toBe(true);
  expect(isSafeEndpoint(document, 'http://127.0.0.2:9001/token')).toBe(false);
});
