import type { AttachableRef } from '../../database/entities/index.ts';
import { BadUserInputError, NotFoundError } from '../../errors.ts';
import { MAX_ID } from '../ids.ts';

/** A call, and what it is about. */
export interface Route {
  action: 'attach' | 'upload' | 'list' | 'detach';
  on: AttachableRef;
  /** The file to detach, if the path has one. */
  fileId?: number;
}

const entities = { contact: 'Contact', opportunity: 'Opportunity', case: 'Case' } as const;

/**
 * Parses a path, ignoring case and a final `.json`. Throws `NotFoundError` for a path that does not
 * exist, and `BadUserInputError` for an id that is out of range.
 */
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
    ? { type: 'Task', id: parseRouteId(task) }
    : kind
      ? { type: entities[kind as keyof typeof entities], id: parseRouteId(entity) }
      : undefined;
  const action = on && actionOf(method, rest, on);
  if (!on || !action) throw new NotFoundError([path]);
  if (on.type !== 'Task' && on.id === 0) throw new BadUserInputError('The entity id has to be greater than 0.');
  return action === 'detach' && /\d/.test(rest) ? { action, on, fileId: parseRouteId(rest.slice(1)) } : { action, on };
}

function actionOf(method: string, rest: string, on: AttachableRef): Route['action'] | undefined {
  if (method === 'DELETE') return on.type === 'Task' && rest !== '/upload' ? 'detach' : undefined;
  if (rest === '/upload') return method === 'POST' ? 'upload' : undefined;
  return rest === '' ? ({ GET: 'list', POST: 'attach' } as const)[method] : undefined;
}

/**
 * Parses digits, also 0, which no row has. Throws `BadUserInputError` if the id is out of range.
 */
export function parseRouteId(digits = ''): number {
  const id = Number(digits);
  if (!Number.isInteger(id) || Math.abs(id) > MAX_ID)
    throw new BadUserInputError(`${digits.slice(0, 20)} is not an id.`);
  return id;
}
