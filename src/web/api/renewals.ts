import { storageName } from './storage-name.ts';

/** How long another tab may take to answer. */
const WAIT_MS = 250;

interface Renewals<Credentials> {
  /** Sends what replaced a token to the other tabs. */
  publish(replaced: string, next: Credentials): void;
  /** Requests what replaced a token from the other tabs; resolves when one has answered, or none has. */
  request(token: string): Promise<void>;
}

interface RenewalsOptions<Credentials> {
  /** Called when another tab has renewed a token. */
  onRenewed(replaced: string, next: Credentials): void;
}

type Message<Credentials> = { replaced: string; next: Credentials } | { requested: string };

/**
 * Shares renewed tokens between tabs. A tab that was duplicated has the same refresh token as the
 * other, and most providers accept a refresh token once and end the session at the second use.
 */
export function openRenewals<Credentials>({ onRenewed }: RenewalsOptions<Credentials>): Renewals<Credentials> {
  const channel = new BroadcastChannel(storageName('renewals'));
  /** The tokens that this tab has replaced, and by what in the end. */
  const replacedHere = new Set<string>();
  let latest: Credentials | undefined;
  let answered = () => {};

  const send = (message: Message<Credentials>) => channel.postMessage(message);

  channel.onmessage = ({ data }: MessageEvent<Message<Credentials>>) => {
    if ('requested' in data) {
      if (latest && replacedHere.has(data.requested)) send({ replaced: data.requested, next: latest });
      return;
    }
    onRenewed(data.replaced, data.next);
    answered();
  };

  return {
    publish(replaced, next) {
      replacedHere.add(replaced);
      latest = next;
      send({ replaced, next });
    },
    request(token) {
      send({ requested: token });
      return new Promise((resolve) => {
        answered = resolve;
        setTimeout(resolve, WAIT_MS);
      });
    },
  };
}
