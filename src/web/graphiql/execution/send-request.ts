import type { ExecutionResult } from 'graphql';
import { format, messages } from '../../messages/messages.ts';

interface HttpRequest {
  url: string;
  headers: Record<string, string>;
  body: string | FormData;
  onProgress(sent: number, total: number): void;
}

interface RequestHandlers {
  onResult(result: ExecutionResult): void;
  onFailure(message: string): void;
}

/**
 * Sends a POST request, and returns what aborts it. By XMLHttpRequest: `fetch` reports no progress of
 * uploads.
 */
export function sendRequest(
  { url, headers, body, onProgress }: HttpRequest,
  { onResult, onFailure }: RequestHandlers,
): () => void {
  const texts = messages.explorer;
  const request = new XMLHttpRequest();
  request.open('POST', url);
  request.setRequestHeader('accept', 'application/graphql-response+json, application/json');
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  if (body instanceof FormData) request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
  else request.setRequestHeader('content-type', 'application/json');
  request.onerror = () => onFailure(body instanceof FormData ? texts.uploadBroken : texts.unreachable);
  request.onload = () => {
    const result = parseResult(request.responseText);
    if (result) onResult(result);
    else onFailure(format(texts.noJson, { status: request.status }));
  };
  request.send(body);
  return () => request.abort();
}

function parseResult(text: string): ExecutionResult | undefined {
  try {
    const result = JSON.parse(text);
    return typeof result === 'object' && result !== null ? result : undefined;
  } catch {
    return undefined;
  }
}
