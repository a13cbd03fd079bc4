/** A request without a response after this time counts as failed. */
const TIMEOUT_MS = 20_000;

export interface Endpoint {
  graphqlUrl: string;
}

/**
 * Sends a query, with `files` as its variable of that name if there are any. Returns the data after
 * the whole response was read: a connection that breaks earlier counts as no response.
 */
export async function send<Data>(
  { graphqlUrl }: Endpoint,
  key: string,
  query: string,
  variables: Record<string, unknown> = {},
  files: readonly File[] = [],
): Promise<Data> {
  const json = JSON.stringify({
    query,
    variables: files.length > 0 ? { ...variables, files: files.map(() => null) } : variables,
  });
  const authorization = `Bearer ${key}`;
  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: files.length > 0 ? { authorization } : { authorization, 'content-type': 'application/json' },
    body: files.length > 0 ? formOf(json, files) : json,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: { message: string }[] };
  if (errors || !data) throw new Error(errors?.map((error) => error.message).join(' ') ?? `HTTP ${response.status}`);
  return data;
}

/** https://github.com/jaydenseric/graphql-multipart-request-spec */
function formOf(operations: string, files: readonly File[]): FormData {
  const form = new FormData();
  form.set('operations', operations);
  form.set('map', JSON.stringify(Object.fromEntries(files.map((_, index) => [index, [`variables.files.${index}`]]))));
  for (const [index, file] of files.entries()) form.set(`${index}`, file);
  return form;
}
