/** Asks once for each key; later callers of the same key share that answer. For the length of one piece of work, not longer. */
export function askOnce(): <Value>(key: string, ask: () => Promise<Value>) => Promise<Value> {
  const asked = new Map<string, Promise<unknown>>();
  return <Value>(key: string, ask: () => Promise<Value>) => {
    const answer = (asked.get(key) as Promise<Value> | undefined) ?? ask();
    asked.set(key, answer);
    return answer;
  };
}
