import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { boundedMessage } from '../../errors.ts';

/**
 * JSON-RPC 2.0 (https://www.jsonrpc.org/specification) with the deviations of Kanboard's server: a
 * request whose `id` is null is a notification too, a batch item that is no object is a "Parse
 * error", and `params` may be an object with the names 0, 1, 2.
 */

/** A procedure: its parameters in order. Those with a value in `defaults` are optional. */
export interface Procedure<Ctx> {
  params: readonly string[];
  defaults?: Readonly<Record<string, unknown>>;
  /** Returns the `result`. Throws `RpcError` for a JSON-RPC error, and others for an HTTP error. */
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
const invalidRequest = (why?: string) => new RpcError(-32600, 'Invalid Request', why);
const methodNotFound = () => new RpcError(-32601, 'Method not found');
const invalidParams = (why: string) => new RpcError(-32602, 'Invalid params', why);

interface Request {
  method: string;
  params: unknown[] | Record<string, unknown>;
  id: unknown;
}

/** The most requests of a batch: it bounds the time that one client can take. */
export const MAX_BATCH_SIZE = 1000;

/** How requests are executed. */
export interface RpcOptions<Ctx> {
  /** By their names in lower case: PHP ignores the case of methods. */
  procedures: ReadonlyMap<string, Procedure<Ctx>>;
  /** Authenticates before the first procedure. Not called if the body has no valid request. */
  authenticate(): Promise<() => Ctx>;
  /**
   * Counts a request of a batch after the first, which `authenticate` has counted. Throws for one
   * too many, which fails alone.
   */
  countRequest(): void;
  /** The error of one request. Rethrows errors that end the whole batch. */
  toRpcError(error: unknown): RpcError;
  /** The most characters of a batch's responses: it bounds the memory that one client can take. */
  maxCharacters: number;
  /** Whether the client has closed the connection. */
  isAborted(): boolean;
}

/** Executes a body. Returns an object, a list, or nothing if all requests were notifications. */
export async function executeRpc<Ctx>(body: string, options: RpcOptions<Ctx>): Promise<string> {
  const payload = parseBody(body);
  if (typeof payload !== 'object' || payload === null) return encodeError(null, parseError());
  let entered: Promise<() => Ctx> | undefined;
  const one = async (item: unknown) => {
    const request = parseRequest(item);
    if (request instanceof RpcError) return encodeError(null, request);
    const isFirst = entered === undefined;
    entered ??= options.authenticate();
    return executeOne(request, options, await entered, isFirst);
  };
  if (!Array.isArray(payload) || payload.length === 0) return one(payload);
  if (payload.length > MAX_BATCH_SIZE)
    return encodeError(null, invalidRequest(`A batch may have at most ${MAX_BATCH_SIZE} requests.`));
  const responses: string[] = [];
  let characters = 0;
  for (const item of payload) {
    if (options.isAborted()) return '';
    const response = characters > options.maxCharacters ? batchTooLarge(item) : await one(item);
    if (response !== '') responses.push(response);
    characters += response.length;
    await yieldToEventLoop();
  }
  return responses.length === 0 ? '' : `[${responses.join(',')}]`;
}

/** The error of a request that is not executed, because the batch's responses are too large. */
function batchTooLarge(item: unknown): string {
  const request = parseRequest(item);
  const id = request instanceof RpcError ? null : request.id;
  return encodeError(id, new RpcError(-32000, 'The responses of this batch are too large. Send smaller batches.'));
}

async function executeOne<Ctx>(
  { method, params, id }: Request,
  { procedures, countRequest, toRpcError: failed }: RpcOptions<Ctx>,
  ctx: () => Ctx,
  isFirst: boolean,
): Promise<string> {
  const isNotification = id === undefined || id === null;
  try {
    if (!isFirst) countRequest();
    const procedure = procedures.get(method.toLowerCase());
    if (!procedure) throw methodNotFound();
    const result = await procedure.run(ctx(), bindArguments(procedure, params));
    return isNotification ? '' : encodeJson({ jsonrpc: '2.0', result, id });
  } catch (error) {
    const rpcError = error instanceof RpcError ? error : failed(error);
    return isNotification ? '' : encodeError(id, rpcError);
  }
}

/** PHP's `json_decode` reads no deeper, and rejects lone surrogates. */
const MAX_DEPTH = 512;

function parseBody(body: string): unknown {
  try {
    const value = JSON.parse(body, reviveBigInt as never);
    return isValidInPhp(value, MAX_DEPTH) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps integers beyond JavaScript's safe range exact: an `id` is returned as it was sent. */
const reviveBigInt = (_key: string, value: unknown, { source = '' }: { source?: string } = {}) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? BigInt(source) : value;

function isValidInPhp(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  return Object.entries(value).every(([key, item]) => key.isWellFormed() && isValidInPhp(item, depth - 1));
}

function parseRequest(item: unknown): Request | RpcError {
  if (typeof item !== 'object' || item === null) return parseError();
  const { jsonrpc, method, params, id } = item as Record<string, unknown>;
  if (jsonrpc !== '2.0' || typeof method !== 'string') return invalidRequest();
  if (params !== undefined && params !== null && typeof params !== 'object') return invalidRequest();
  return { method, params: (params ?? []) as Request['params'], id };
}

/** Assigns the given values to parameters. Throws `RpcError` -32602. */
function bindArguments<Ctx>(
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

function encodeError(id: unknown, { code, message, data }: RpcError): string {
  const error = {
    code,
    message: boundedMessage(message),
    ...(data === undefined ? {} : { data: boundedMessage(data) }),
  };
  return encodeJson({ jsonrpc: '2.0', error, id: id ?? null });
}

/** TypeScript lacks its type: https://tc39.es/proposal-json-parse-with-source/ */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** As PHP encodes it: Unicode's line separators are escaped, so that it is valid JavaScript too. */
const encodeJson = (value: unknown) =>
  JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? rawJSON(String(item)) : item)).replace(
    /[\u2028\u2029]/g,
    (separator) => `\\u${separator.charCodeAt(0).toString(16)}`,
  );
