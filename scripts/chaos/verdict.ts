/** How the events that a subscriber received differ from the log. */
export interface Verdict {
  expected: number;
  received: number;
  lost: number;
  duplicated: number;
  /** Received after an event that follows it in the log. */
  outOfOrder: number;
  /** Received, but not in the log. */
  unknown: number;
}

const emptyVerdict: Verdict = { expected: 0, received: 0, lost: 0, duplicated: 0, outOfOrder: 0, unknown: 0 };

/** Compares received events with the log, both in order. */
export function judge(log: readonly string[], received: readonly string[]): Verdict {
  const positions = new Map(log.map((event, position) => [event, position]));
  const seen = new Set<string>();
  const verdict = { ...emptyVerdict, expected: log.length, received: received.length };
  let last = -1;
  for (const event of received) {
    const position = positions.get(event);
    if (seen.has(event)) verdict.duplicated += 1;
    else if (position === undefined) verdict.unknown += 1;
    else if (position < last) verdict.outOfOrder += 1;
    else last = position;
    seen.add(event);
  }
  verdict.lost = log.filter((event) => !seen.has(event)).length;
  return verdict;
}

export function sum(verdicts: readonly Verdict[]): Verdict {
  const total = { ...emptyVerdict };
  for (const verdict of verdicts) {
    for (const field of Object.keys(total) as (keyof Verdict)[]) total[field] += verdict[field];
  }
  return total;
}
