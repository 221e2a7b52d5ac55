import type { FunctionPool } from '../../function-pool.js';

export interface Invocations {
  count: number;
  /** SQS records of the invocations; a request counts as one. */
  messages: number;
}

/** Counts the invocations of each function from now on, by the function's name. */
export function countInvocations(pools: readonly FunctionPool[]): ReadonlyMap<string, Invocations> {
  const byFunction = new Map<string, Invocations>();
  for (const pool of pools) {
    const counted: Invocations = { count: 0, messages: 0 };
    byFunction.set(pool.definition.name, counted);
    const invoke = pool.invoke.bind(pool);
    pool.invoke = (event) => {
      counted.count++;
      counted.messages += (event as { Records?: unknown[] }).Records?.length ?? 1;
      return invoke(event);
    };
  }
  return byFunction;
}
