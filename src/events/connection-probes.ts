/** Closes connections of a user that no longer respond. Resolves with whether there were any. */
export type ConnectionProbe = (userId: number) => Promise<boolean>;

/** For how long the result of a probe holds, in milliseconds: it pings each connection. */
const RESULT_MS = 5000;

/**
 * Looks for dead connections of a user at a limit. A client whose network was interrupted comes
 * back before the server has missed the pongs of its old connections, which still count.
 */
export class ConnectionProbes {
  readonly #probes = new Set<ConnectionProbe>();
  readonly #results = new Map<number, Promise<boolean>>();

  /** Registers a probe until the result is disposed of. */
  add(probe: ConnectionProbe): Disposable {
    this.#probes.add(probe);
    return { [Symbol.dispose]: () => this.#probes.delete(probe) };
  }

  /** Concurrent calls, as of a client that subscribes hundreds of times, share one probe. */
  closeDead(userId: number): Promise<boolean> {
    const known = this.#results.get(userId);
    if (known) return known;
    const probing = Promise.all([...this.#probes].map((probe) => probe(userId))).then((all) => all.includes(true));
    this.#results.set(userId, probing);
    const forget = () => void setTimeout(() => this.#results.delete(userId), RESULT_MS).unref();
    probing.then(forget, forget);
    return probing;
  }
}
