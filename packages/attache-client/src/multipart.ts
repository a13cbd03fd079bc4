import { HttpError, OperationError, type OperationResult } from './errors.ts';
import { Requests } from './requests.ts';
import type { HttpResponse } from './send.ts';
import type { TransferOptions, UploadServer } from './upload-server.ts';

/** A GraphQL operation whose variables may contain files, at any depth. */
export interface UploadRequest {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
  extensions?: Record<string, unknown> | undefined;
}

/**
 * The files in the variables of an operation, with their paths, such as `variables.input.files.0`.
 */
export function filesIn(variables: unknown, path = 'variables'): Map<string, Blob> {
  if (variables instanceof Blob) return new Map([[path, variables]]);
  if (typeof variables !== 'object' || variables === null) return new Map();
  return new Map(Object.entries(variables).flatMap(([key, value]) => [...filesIn(value, `${path}.${key}`)]));
}

export const totalSize = (files: Iterable<Blob>): number => [...files].reduce((sum, { size }) => sum + size, 0);

/**
 * Executes an operation with its files as parts of one request. With an `idempotencyKey` in its
 * variables, it is repeated when the connection is lost.
 * https://github.com/jaydenseric/graphql-multipart-request-spec
 */
export async function executeMultipart<Data>(
  server: UploadServer,
  request: UploadRequest,
  options: TransferOptions = {},
): Promise<OperationResult<Data>> {
  const files = filesIn(request.variables);
  const total = totalSize(files.values());
  const { onProgress } = options;
  // A form is larger than its files.
  const onSent = onProgress && ((bytes: number) => onProgress(Math.min(bytes, total), total));
  const isIdempotent = /"idempotencyKey":"/.test(JSON.stringify(request.variables ?? {}));
  const body = files.size > 0 ? formOf(request, files) : JSON.stringify(request);
  const headers: Record<string, string> = files.size > 0 ? {} : { 'content-type': 'application/json' };
  const requests = new Requests(server, options);
  onProgress?.(0, total);
  let last: OperationResult<Data> | undefined;
  const attempt = async () => {
    last = undefined;
    const response = await requests.send({ url: server.url, method: 'POST', headers, body, onSent });
    last = resultOf<Data>(response);
    if (!last.data && last.errors) throw new OperationError(last.errors);
    return last;
  };
  try {
    const result = await requests.repeat(attempt, isIdempotent);
    onProgress?.(total, total);
    return result;
  } catch (error) {
    options.signal?.throwIfAborted();
    // A refusal is a result like any other. Only a request without a response rejects.
    if (last?.errors) return last;
    throw error;
  }
}

function resultOf<Data>(response: HttpResponse): OperationResult<Data> {
  const result = parse(response.text);
  if (result && ('data' in result || 'errors' in result)) return result as OperationResult<Data>;
  throw new HttpError(response);
}

function parse(text: string): object | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined; // a page of a proxy
  }
}

/** The fields come in the order `operations`, `map`, files. */
function formOf(request: UploadRequest, files: ReadonlyMap<string, Blob>): FormData {
  const operations = JSON.stringify(request, (_key, value) => (value instanceof Blob ? null : value));
  const paths = [...files.keys()].map((path, index) => [index, [path]] as const);
  const form = new FormData();
  form.append('operations', operations);
  form.append('map', JSON.stringify(Object.fromEntries(paths)));
  for (const [index, file] of [...files.values()].entries())
    form.append(String(index), file, (file as Partial<File>).name ?? 'file');
  return form;
}
