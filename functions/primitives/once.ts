/** Asks once for each key; later callers of the same key share the answer. For one piece of work, not longer. */
export function askOnce(): <Value>(key: string, ask: () => Promise<Value>) => Promise<Value> {
  const asked = new Map<string, Promise<unknown>>();
  return <Value>(key: string, ask: () => Promise<Value>) => {
    const answer = (asked.get(key) as Promise<Value> | undefined) ?? ask();
    asked.set(key, answer);
    return answer;
  };
}

/**
 * Makes a value at its first use, once. For values that most execution environments never need: a cold start is spared
 * them. (What every invocation needs is made at the start, when Lambda gives a whole processor.) A package is loaded in
 * the same way by `require`, which the bundle answers from its own code.
 */
export function onFirstUse<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
