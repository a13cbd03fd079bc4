/** Removes the entry that was set first from a map with more than `maxSize`. */
export function forgetOldest(map: Map<string, unknown>, maxSize: number): void {
  const [oldest] = map.keys();
  if (map.size > maxSize && oldest !== undefined) map.delete(oldest);
}
