/**
 * An event of a stream, parsed as in
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export interface ServerSentEvent {
  event: string;
  data: string;
  /** The last event id of the stream. */
  id: string;
}

/**
 * Parses an event stream without a library. It skips comments, which keep the connection alive, and
 * events that have an id but no data unless `withoutData` is set.
 */
export async function* eventsOf(
  response: Response,
  { withoutData = false } = {},
): AsyncGenerator<ServerSentEvent, undefined> {
  if (!response.body) return;
  const text = response.body.pipeThrough(new TextDecoderStream());
  let rest = '';
  let id = '';
  for await (const chunk of text) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = fieldsOf(block);
      id = fields.get('id')?.at(-1) ?? id;
      const data = fields.get('data');
      // Without data it is not dispatched as an event, but its id counts.
      if (data || (withoutData && fields.has('id')))
        yield { event: fields.get('event')?.at(-1) ?? 'message', data: data?.join('\n') ?? '', id };
    }
  }
}

function fieldsOf(block: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name) fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  return fields;
}
