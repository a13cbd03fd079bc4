import type { AttachableRef } from '../../database/entities/index.ts';
import { BadUserInputError, NotFoundError } from '../../errors.ts';

/** Which call it is, and to what. */
export interface Route {
  action: 'attach' | 'upload' | 'list' | 'detach';
  on: AttachableRef;
  /** Which file is detached, where the path says so. */
  fileId?: number;
}

const entities = { contact: 'Contact', opportunity: 'Opportunity', case: 'Case' } as const;

/** The largest number that its clients, and the columns of ids, have room for. */
const LAST_ID = 2 ** 31 - 1;

/** Words ignore case, and `.json` may stand at the end. Throws `NotFoundError` for what is not there, `BadUserInputError` for an id that can never be. */
export function parseRoute(method: string, url: string): Route {
  const path = (url.split('?', 1)[0] ?? '')
    .toLowerCase()
    .replace(/\/$/, '')
    .replace(/\.json$/, '');
  const [, task, kind, entity, rest = ''] =
    /^\/api\/2\.0\/(?:project\/task\/(\d+)|crm\/(contact|opportunity|case)\/(\d+))\/files(many|\/upload|\/\d+)?$/.exec(
      path,
    ) ?? [];
  const on: AttachableRef | undefined = task
    ? { type: 'Task', id: parseId(task) }
    : kind
      ? { type: entities[kind as keyof typeof entities], id: parseId(entity) }
      : undefined;
  const action = on && actionOf(method, rest, on);
  if (!on || !action) throw new NotFoundError([path]);
  if (on.type !== 'Task' && on.id === 0) throw new BadUserInputError('The entity id has to be greater than 0.');
  return action === 'detach' && /\d/.test(rest) ? { action, on, fileId: parseId(rest.slice(1)) } : { action, on };
}

function actionOf(method: string, rest: string, on: AttachableRef): Route['action'] | undefined {
  if (method === 'DELETE') return on.type === 'Task' && rest !== '/upload' ? 'detach' : undefined;
  if (rest === '/upload') return method === 'POST' ? 'upload' : undefined;
  return rest === '' ? ({ GET: 'list', POST: 'attach' } as const)[method] : undefined;
}

/** A number of digits. Throws `BadUserInputError` when it is larger than any id. */
export function parseId(digits = ''): number {
  const id = Number(digits);
  if (!Number.isInteger(id) || Math.abs(id) > LAST_ID)
    throw new BadUserInputError(`${digits.slice(0, 20)} is not an id.`);
  return id;
}
