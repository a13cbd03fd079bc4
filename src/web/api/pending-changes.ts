/** `hasMore` says whether items follow the last one of `nodes`. */
export type Change<Node> = (nodes: readonly Node[], hasMore: boolean) => Node[];

/**
 * The changes that are made to a list while pages of it are read: the server may have read a page
 * before them.
 */
export class PendingChanges<Node> {
  #reads = 0;
  #changes: Change<Node>[] = [];

  /** To be called with each change of the list. */
  add(change: Change<Node>): void {
    if (this.#reads > 0) this.#changes.push(change);
  }

  /** Reads a page. `changed` of the result applies the pending changes to its nodes. */
  async during<Result>(read: () => Promise<Result>): Promise<Result & { changed: Change<Node> }> {
    this.#reads += 1;
    try {
      const result = await read();
      const changes = [...this.#changes];
      return { ...result, changed: (nodes, hasMore) => applyAll(changes, nodes, hasMore) };
    } finally {
      this.#reads -= 1;
      if (this.#reads === 0) this.#changes = [];
    }
  }
}

const applyAll = <Node>(changes: readonly Change<Node>[], nodes: readonly Node[], hasMore: boolean): Node[] =>
  changes.reduce<Node[]>((changed, change) => change(changed, hasMore), [...nodes]);
