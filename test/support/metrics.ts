/** Values by name, with labels as Prometheus writes them. */
export type Metrics = ReadonlyMap<string, number>;

/**
 * Reads the exposition format of Prometheus. The sum of all labels is added under the bare name.
 */
export function readMetrics(text: string): Metrics {
  const metrics = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name = '', labels = '', value] = /^(\w+)(\{.*\})? (\S+)$/.exec(line) ?? [];
    if (value === undefined) continue;
    if (labels) metrics.set(name + labels, Number(value));
    metrics.set(name, (metrics.get(name) ?? 0) + Number(value));
  }
  return metrics;
}
