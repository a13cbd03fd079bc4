import type { IncomingMessage } from 'node:http';
import type { RequestContext } from '../../context.ts';
import type { LegacyOptions } from '../api.ts';
import type { Route } from './route.ts';

/** One call, after its caller was authenticated. */
export interface Call {
  options: LegacyOptions;
  ctx: RequestContext;
  request: IncomingMessage;
  route: Route;
}
