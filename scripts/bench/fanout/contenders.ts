import { fileURLToPath } from 'node:url';
import { type ServerProcess, startServerProcess } from '../server-process.ts';
import { openSubscribers, type Subscription } from './subscribers.ts';

/** A server that delivers events to subscribers, in its own process. */
export interface Contender extends AsyncDisposable {
  name: string;
  server: ServerProcess;
  /** The subscription to measure. */
  subscription: Subscription;
  /** Emits `events` events in one request, and resolves with the response. */
  publish(events: number): Promise<void>;
}

/** The message of Attaché, which all servers send, so that all send the same number of bytes. */
export interface Sample {
  message: string;
  event: object;
}

export const TASK = 'Task:1';

export const subscription: Subscription = {
  query: `subscription ($on: ID!, $after: String) {
    fileAdded(on: $on, after: $after) { cursor file { id name } onId on { id } actor { id } at }
  }`,
  variables: { on: TASK },
};

/** An event is an uploaded file. Several events are the files of one request. */
export async function startAttache(): Promise<Contender> {
  const server = await startServerProcess();
  const query = `mutation ($files: [Upload!]!) {
    uploadTaskFiles(input: { taskId: "${TASK}", files: $files }) { files { id } errors { message } }
  }`;
  return contender('Attaché', server, async (events) => {
    const form = new FormData();
    const numbers = Array.from({ length: events }, (_, index) => index);
    form.set('operations', JSON.stringify({ query, variables: { files: numbers.map(() => null) } }));
    form.set('map', JSON.stringify(Object.fromEntries(numbers.map((index) => [index, [`variables.files.${index}`]]))));
    for (const index of numbers) form.set(`${index}`, new File(['A few bytes.'], 'notes-of-a-meeting.txt'));
    const responseText = await post(server, '/graphql', form);
    if (responseText.split('"id"').length - 1 !== events) throw new Error(`Not every file was stored: ${responseText}`);
  });
}

export async function startYoga({ event }: Sample): Promise<Contender> {
  const server = await start('yoga-server.ts', { EVENT: JSON.stringify(event) });
  const query = 'mutation ($events: Int!) { announce(events: $events) }';
  return contender('Yoga + graphql-ws', server, async (events) => {
    const responseText = await post(server, '/graphql', JSON.stringify({ query, variables: { events } }));
    if (!responseText.includes('true')) throw new Error(`Yoga answered ${responseText}`);
  });
}

export async function startBareWs({ message }: Sample): Promise<Contender> {
  const server = await start('bare-ws-server.ts', { MESSAGE: message });
  return contender('bare ws', server, async (events) => {
    await post(server, `/announce?events=${events}`, '');
  });
}

/** The message that Attaché delivers to a subscriber. */
export async function takeSample(): Promise<Sample> {
  await using attache = await startAttache();
  await using subscribers = await openSubscribers(attache.server, 1, subscription);
  await new Promise((subscribed) => setTimeout(subscribed, 500));
  await subscribers.measureDelivery(1, () => attache.publish(1));
  const message = subscribers.sample();
  const { payload } = JSON.parse(message) as { payload: { data?: { fileAdded: object } } };
  if (!payload.data) throw new Error(`That is no event: ${message}`);
  return { message, event: payload.data.fileAdded };
}

const start = (file: string, env: Record<string, string>) =>
  startServerProcess(
    { ...env, NODE_ENV: 'production', NODE_NO_WARNINGS: '1' },
    { program: fileURLToPath(new URL(file, import.meta.url)) },
  );

function contender(name: string, server: ServerProcess, announce: Contender['publish']): Contender {
  return { name, server, subscription, publish: announce, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function post(server: ServerProcess, path: string, body: FormData | string): Promise<string> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.key}`,
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
    },
    body,
  });
  return response.text();
}
