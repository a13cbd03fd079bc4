import type { RequestContext } from '../../context.ts';
import { UnauthenticatedError } from '../../errors.ts';
import { authorizeForm } from '../../uploads/authorize-upload.ts';
import type { LegacyForm } from '../api.ts';
import { parseId } from '../ids.ts';
import { parseJsonObject, readJsonObject } from '../json.ts';
import { isForm, isMultipart, queryOf } from '../request.ts';
import { authenticateCaller, hasHmacSignature } from './authenticate.ts';
import { Call, type HttpExchange } from './call.ts';

/**
 * Authenticates the caller, and only then reads the body. If the signed action is in a JSON body,
 * the body is read first, and has to be small. Signed parameters override those that are not
 * signed. Throws `UnauthenticatedError`, `WorksectionError`, and what reading the body throws.
 */
export async function readCall(exchange: HttpExchange, fixed?: Readonly<Record<string, string>>): Promise<Call> {
  const { options, request } = exchange;
  const query = queryOf(request);
  const given = new Map([...query, ...Object.entries(fixed ?? {})]);
  assertSingleAction(query);
  const hasJson = request.method === 'POST' && !isForm(request);
  const early =
    hasJson && hasHmacSignature(request) && !given.has('action')
      ? await readUnauthenticatedParameters(exchange)
      : undefined;
  const signed = { fixed, action: given.get('action') ?? early?.get('action') ?? '' };
  const { viewer, isSigned } = await authenticateCaller(options, request, signed);
  const json = early ?? (hasJson ? toParameters(await readJsonObject(options, request, viewer)) : new Map());
  // The signature does not cover a form's fields, so the action may not be one of them.
  if (isSigned && signed.action === '') throw new UnauthenticatedError();
  const ctx = options.contextFor(viewer, request);
  const form = request.method === 'POST' && isForm(request) ? await readForm(exchange, ctx, given) : undefined;
  try {
    const parameters = new Map([...json, ...(form?.fields ?? []), ...given]);
    const action = parameters.get('action') ?? '';
    if (isSigned && action !== signed.action) throw new UnauthenticatedError();
    const outcomes = (form?.files ?? []).map(({ outcome }) => outcome);
    for (const outcome of outcomes) if ('failure' in outcome) throw outcome.failure;
    const dispose = async () => form?.[Symbol.asyncDispose]();
    return new Call(exchange, ctx, action, parameters, { outcomes, dispose });
  } catch (error) {
    await form?.[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Rejects a query that names several actions. Clients sign it before or after encoding, so such a
 * query could be signed for one action and run another. Throws `UnauthenticatedError`.
 */
function assertSingleAction(query: URLSearchParams): void {
  const actions = [...query.keys()].filter((name) => /^\s*action\s*(?:\[.*)?$/i.test(name));
  if (actions.length > 1 || actions.some((name) => name !== 'action')) throw new UnauthenticatedError();
}

/**
 * Actions that store nothing. Some clients send a form with every call; its files are skipped then.
 */
const isReadAction = (action = '') => /^(?:get_\w+|download)$/.test(action);

/** Reads a form. The right to upload is checked before the first byte of a file is read. */
async function readForm(
  { options, request }: HttpExchange,
  ctx: RequestContext,
  given: Map<string, string>,
): Promise<LegacyForm> {
  if (isReadAction(given.get('action'))) return options.readForm(request, ctx.viewer, () => false);
  // An id that is invalid is rejected later, by the action.
  const taskId = parseId(given.get('id_task') ?? '');
  const projectId = parseId(given.get('id_project') ?? '');
  if (taskId) await authorizeForm(ctx, { on: { type: 'Task', id: taskId } });
  else if (projectId) await authorizeForm(ctx, { on: { type: 'Project', id: projectId } });
  else if (isMultipart(request)) await authorizeForm(ctx, {});
  return options.readForm(request, ctx.viewer, (field) => /^attach/i.test(field));
}

/**
 * Reads parameters before the caller is known. Throws `UnauthenticatedError` if the body is too
 * large.
 */
async function readUnauthenticatedParameters({ options, request }: HttpExchange): Promise<Map<string, string>> {
  const body = await options.readUnauthenticated(request);
  if (!body) throw new UnauthenticatedError();
  return toParameters(parseJsonObject(body));
}

/** The members of a JSON object whose values are text, numbers or booleans. */
function toParameters(members: readonly [name: string, value: unknown][]): Map<string, string> {
  return new Map(
    members.flatMap(([name, member]) =>
      ['string', 'number', 'boolean'].includes(typeof member) ? [[name, String(member)]] : [],
    ),
  );
}
