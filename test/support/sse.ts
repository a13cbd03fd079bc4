/** An event of a stream, as https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream reads it. */
export interface ServerSentEvent {
  event: string;
  data: string;
}

/** Parses a stream of events by hand. Comments, which keep the connection alive, are left out. */
export async function* eventsOf(response: Response): AsyncGenerator<ServerSentEvent, undefined> {
  if (!response.body) return;
  const text = response.body.pipeThrough(new TextDecoderStream());
  let rest = '';
  for await (const chunk of text) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event) yield event;
    }
  }
}

function parseBlock(block: string): ServerSentEvent | undefined {
  const fields = new Map<string, string[]>();
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name) fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  if (fields.size === 0) return undefined;
  return { event: fields.get('event')?.at(-1) ?? 'message', data: (fields.get('data') ?? []).join('\n') };
}
