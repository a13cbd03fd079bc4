import { BadInput } from '../errors.ts';

/** The members of a JSON object, of which a body of nothing has none. .NET and PHP on Windows write a mark before it. */
export function membersIn(body: Buffer): [name: string, value: unknown][] {
  const text = body.toString().replace(/^\uFEFF/, '');
  if (text.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BadInput('The body of this request is not JSON.', { cause });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new BadInput('The body of this request has to be a JSON object.');
  return Object.entries(value);
}
