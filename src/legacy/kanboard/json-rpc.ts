/**
 * JSON-RPC 2.0 as Kanboard's own server speaks it (https://www.jsonrpc.org/specification, and what it does otherwise): a request
 * whose `id` is null is a notification as well; what is no object in a batch is a "Parse error"; `params` may be an
 * object whose names are 0, 1, 2.
 */

/** A procedure: the names of its parameters in order, of which those with a value in `defaults` may be left out. */
export interface Procedure<Ctx> {
  params: readonly string[];
  defaults?: Readonly<Record<string, unknown>>;
  /** Answers what is written as `result`. Throws `RpcError` for an error of the protocol, and anything else for HTTP's. */
  run(ctx: Ctx, args: Readonly<Record<string, unknown>>): Promise<unknown>;
}

export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;
  readonly data: string | undefined;
  constructor(code: number, message: string, data?: string) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

const parseError = () => new RpcError(-32700, 'Parse error');
const invalidRequest = () => new RpcError(-32600, 'Invalid Request');
const methodNotFound = () => new RpcError(-32601, 'Method not found');
const invalidParams = (why: string) => new RpcError(-32602, 'Invalid params', why);

interface Request {
  method: string;
  params: unknown[] | Record<string, unknown>;
  id: unknown;
}

/**
 * Answers the body of a request: an object, a list, or nothing, when all of it were notifications. `enter` is asked for
 * who calls, before the first procedure, and not when nothing that was sent is a request.
 */
export async function answerRpc<Ctx>(
  body: string,
  procedures: ReadonlyMap<string, Procedure<Ctx>>,
  enter: () => Promise<() => Ctx>,
): Promise<string> {
  const payload = parsed(body);
  if (typeof payload !== 'object' || payload === null) return written(undefined, parseError());
  let entered: Promise<() => Ctx> | undefined;
  const one = async (item: unknown) => {
    const request = requestIn(item);
    if (request instanceof RpcError) return written(null, request);
    entered ??= enter();
    return answerOne(request, procedures, await entered);
  };
  if (!Array.isArray(payload) || payload.length === 0) return one(payload);
  const answers: string[] = [];
  for (const item of payload) answers.push(await one(item));
  const told = answers.filter((answer) => answer !== '');
  return told.length === 0 ? '' : `[${told.join(',')}]`;
}

async function answerOne<Ctx>(
  { method, params, id }: Request,
  procedures: ReadonlyMap<string, Procedure<Ctx>>,
  ctx: () => Ctx,
): Promise<string> {
  const isNotification = id === undefined || id === null;
  try {
    const procedure = procedures.get(method);
    if (!procedure) throw methodNotFound();
    const result = await procedure.run(ctx(), argumentsOf(procedure, params));
    return isNotification ? '' : json({ jsonrpc: '2.0', result, id });
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return isNotification ? '' : written(id, error);
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function requestIn(item: unknown): Request | RpcError {
  if (typeof item !== 'object' || item === null) return parseError();
  const { jsonrpc, method, params, id } = item as Record<string, unknown>;
  if (jsonrpc !== '2.0' || typeof method !== 'string') return invalidRequest();
  if (params !== undefined && params !== null && typeof params !== 'object') return invalidRequest();
  return { method, params: (params ?? []) as Request['params'], id };
}

/** Throws `RpcError` -32602. */
function argumentsOf<Ctx>(
  { params, defaults = {} }: Procedure<Ctx>,
  given: Request['params'],
): Record<string, unknown> {
  const names = Object.keys(given);
  const required = params.filter((name) => !(name in defaults)).length;
  if (names.length < required) throw invalidParams('Wrong number of arguments');
  if (names.length > params.length) throw invalidParams('Too many arguments');
  const isPositional = names.every((name, index) => name === String(index));
  const values = new Map(Object.entries(given));
  const args: Record<string, unknown> = {};
  for (const [index, name] of params.entries()) {
    const key = isPositional ? String(index) : name;
    if (values.has(key)) args[name] = values.get(key);
    else if (name in defaults) args[name] = defaults[name];
    else throw invalidParams(`Missing argument: ${name}`);
  }
  return args;
}

function written(id: unknown, { code, message, data }: RpcError): string {
  const error = { code, message, ...(data === undefined ? {} : { data }) };
  return json({ jsonrpc: '2.0', error, id: id ?? null });
}

/** As PHP writes it: line separators of Unicode are escaped, so that the answer is JavaScript as well. */
const json = (value: unknown) =>
  JSON.stringify(value).replace(/[\u2028\u2029]/g, (separator) => `\\u${separator.charCodeAt(0).toString(16)}`);
