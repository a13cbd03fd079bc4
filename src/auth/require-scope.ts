import { Forbidden } from '../errors.ts';
import { canAdminister, canWrite, type Viewer } from './permissions.ts';

/** Throws `Forbidden` for a key that changes nothing. Rules that create something of nobody's ask nothing else. */
export function mustWrite(viewer: Viewer): void {
  if (!canWrite(viewer)) throw new Forbidden('This API key may only read. Use one with the scope WRITE.');
}

/** Throws `Forbidden` for everybody but administrators; `what` is what they alone do. */
export function mustAdminister(viewer: Viewer, what: string): void {
  if (!canAdminister(viewer)) throw new Forbidden(`Only administrators ${what}, with an API key of the scope ADMIN.`);
}
