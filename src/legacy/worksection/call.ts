import type { IncomingMessage } from 'node:http';
import type { Context } from '../../context.ts';
import { UnauthenticatedError } from '../../errors.ts';
import { authorizeForm } from '../../uploads/authorize-upload.ts';
import type { LegacyForm } from '../api.ts';
import { membersIn, readMembers } from '../json.ts';
import { callerOf, isSignedByTime } from './caller.ts';
import { Call, type Exchange } from './parameters.ts';

const typeOf = (request: IncomingMessage) => request.headers['content-type'] ?? '';
const isForm = (request: IncomingMessage) =>
  /^\s*(?:multipart\/form-data|application\/x-www-form-urlencoded)/i.test(typeOf(request));

/**
 * Finds out who calls, and only then reads the body. Where a signature covers an action that stands in a body of JSON
 * alone, that body has to be small. What is signed counts more than what is not.
 */
export async function callIn(exchange: Exchange, fixed?: Readonly<Record<string, string>>): Promise<Call> {
  const { options, request } = exchange;
  const query = new URLSearchParams((request.url ?? '').split('?').slice(1).join('?'));
  const given = new Map([...query, ...Object.entries(fixed ?? {})]);
  assertOneAction(query);
  const hasJson = request.method === 'POST' && !isForm(request);
  const early = hasJson && isSignedByTime(request) && !given.has('action') ? await readSigned(exchange) : undefined;
  const signed = { fixed, action: given.get('action') ?? early?.get('action') ?? '' };
  const { viewer, isSigned } = await callerOf(options, request, signed);
  const json = early ?? (hasJson ? parametersIn(await readMembers(options, request, viewer)) : new Map());
  // A form is read once it is known who calls, and its fields are not signed: the action may not come from there.
  if (isSigned && signed.action === '') throw new UnauthenticatedError();
  const ctx = options.contextFor(viewer, request);
  const form = request.method === 'POST' && isForm(request) ? await readForm(exchange, ctx, given) : undefined;
  try {
    const parameters = new Map([...json, ...(form?.fields ?? []), ...given]);
    const action = parameters.get('action') ?? '';
    if (isSigned && action !== signed.action) throw new UnauthenticatedError();
    const outcomes = (form?.files ?? []).map(({ incoming }) => incoming);
    for (const outcome of outcomes) if ('failure' in outcome) throw outcome.failure;
    const dispose = async () => form?.[Symbol.asyncDispose]();
    return new Call(exchange, ctx, action, parameters, { outcomes, dispose });
  } catch (error) {
    await form?.[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * A query that names several actions could be signed for one and run another, by how it is encoded: clients sign it before
 * or after that. Throws `UnauthenticatedError`.
 */
function assertOneAction(query: URLSearchParams): void {
  const actions = [...query.keys()].filter((name) => /^\s*action\s*(?:\[.*)?$/i.test(name));
  if (actions.length > 1 || actions.some((name) => name !== 'action')) throw new UnauthenticatedError();
}

/** What adds nothing. Some clients send a form with every call, an empty one as well; files in it are skipped. */
const isReading = (action = '') => /^(?:get_\w+|download)$/.test(action);

/** Asks for the right to add files before the first byte of them is read. */
async function readForm({ options, request }: Exchange, ctx: Context, given: Map<string, string>): Promise<LegacyForm> {
  if (isReading(given.get('action'))) return options.readForm(request, ctx.viewer, () => false);
  const taskId = idIn(given.get('id_task'));
  const projectId = idIn(given.get('id_project'));
  if (taskId) await authorizeForm(ctx, { on: { type: 'Task', id: taskId } });
  else if (projectId) await authorizeForm(ctx, { on: { type: 'Project', id: projectId } });
  else if (/multipart/i.test(typeOf(request))) await authorizeForm(ctx, {});
  return options.readForm(request, ctx.viewer, (field) => /^attach/i.test(field));
}

/** Zero for none, and for what is looked at, and refused, later. */
const idIn = (text = ''): number => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0);

/** The parameters in a body whose sender is not known yet. Throws `UnauthenticatedError` for one that is too large. */
async function readSigned({ options, request }: Exchange): Promise<Map<string, string>> {
  const body = await options.readUnauthenticated(request);
  if (!body) throw new UnauthenticatedError();
  return parametersIn(membersIn(body));
}

/** The members of a JSON object that can be parameters. */
function parametersIn(members: readonly [name: string, value: unknown][]): Map<string, string> {
  return new Map(
    members.flatMap(([name, member]) =>
      ['string', 'number', 'boolean'].includes(typeof member) ? [[name, String(member)]] : [],
    ),
  );
}
