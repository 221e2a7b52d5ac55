/** Asks once for each key; later callers of the same key share that answer. For the length of one piece of work, not longer. */
export function askOnce(): <Value>(key: string, ask: () => Promise<Value>) => Promise<Value> {
  const asked = new Map<string, Promise<unknown>>();
  return <Value>(key: string, ask: () => Promise<Value>) => {
    const answer = (asked.get(key) as Promise<Value> | undefined) ?? ask();
    asked.set(key, answer);
    return answer;
  };
}

/**
 * Makes it when it is first asked for, and once. For what most execution environments never need: each cold start is spared
 * it. (What every invocation needs is made at the start, which Lambda gives a whole processor.) A package is loaded so, too, by
 * `require`, which bundles answer from within themselves.
 */
export function onFirstUse<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
