import { ForbiddenError } from '../errors.ts';
import { canAdminister, canWrite, type Viewer } from './permissions.ts';

/** Throws `ForbiddenError` for a key with the scope READ. */
export function assertWriteScope(viewer: Viewer): void {
  if (!canWrite(viewer)) throw new ForbiddenError('This API key may only read. Use one with the scope WRITE.');
}

/** Throws `ForbiddenError` for all but administrators; `what` names the action in the message. */
export function assertAdminScope(viewer: Viewer, what: string): void {
  if (!canAdminister(viewer))
    throw new ForbiddenError(`Only administrators ${what}, with an API key of the scope ADMIN.`);
}
