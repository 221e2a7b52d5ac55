/** The value of the key, read if the cache has none. A read that fails is not kept: its caller gets the error. */
export function cachedRead<Value>(
  cache: BoundedCache<Promise<Value>>,
  key: string,
  read: () => Promise<Value>,
): Promise<Value> {
  const known = cache.get(key);
  if (known) return known;
  const reading = read();
  cache.set(key, reading);
  reading.catch(() => cache.remove(key, reading));
  return reading;
}

/**
 * A cache of at most `limit` values: a further value replaces the least recently used one. With a lifetime, a value is
 * valid for that many milliseconds after it was set.
 */
export class BoundedCache<Value> {
  /** A Map iterates in the order of insertion, so the least recently used value comes first. */
  private readonly entries = new Map<string, { readonly value: Value; readonly until: number }>();

  constructor(
    private readonly limit: number,
    private readonly lifetime?: { readonly ms: number; readonly now: () => number },
  ) {}

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || (this.lifetime && this.lifetime.now() >= entry.until)) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: Value): void {
    this.entries.delete(key);
    const until = this.lifetime ? this.lifetime.now() + this.lifetime.ms : Infinity;
    this.entries.set(key, { value, until });
    if (this.entries.size > this.limit) this.entries.delete(this.entries.keys().next().value!);
  }

  /** Removes `value`, unless the key has another value by now. */
  remove(key: string, value: Value): void {
    if (this.entries.get(key)?.value === value) this.entries.delete(key);
  }
}
