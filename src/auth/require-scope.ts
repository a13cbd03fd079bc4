import { ForbiddenError } from '../errors.ts';
import { canAdminister, canWrite, type Viewer } from './permissions.ts';

/** Throws `ForbiddenError` for a key that changes nothing. Rules that create something of nobody's ask nothing else. */
export function assertWriteScope(viewer: Viewer): void {
  if (!canWrite(viewer)) throw new ForbiddenError('This API key may only read. Use one with the scope WRITE.');
}

/** Throws `ForbiddenError` for everybody but administrators; `what` is what they alone do. */
export function assertAdminScope(viewer: Viewer, what: string): void {
  if (!canAdminister(viewer))
    throw new ForbiddenError(`Only administrators ${what}, with an API key of the scope ADMIN.`);
}
