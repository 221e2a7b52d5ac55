import { createHttpCaller } from './http/caller.js';
import type { Caller, CallerSettings } from './kind.js';
import type { Destination, KindName } from './registry.js';
import { createSqsCaller } from './sqs/caller.js';

const CALLERS = { http: createHttpCaller, sqs: createSqsCaller } as const satisfies Record<KindName, unknown>;

/** The caller of every kind, each made at its first call. */
export function createCaller(settings: CallerSettings): Caller<Destination> {
  const made: Partial<Record<KindName, Caller<Destination>>> = {};
  return (destination, request) => {
    const { type: kind = 'http' }: { readonly type?: KindName } = destination;
    // Each takes the destinations of its own kind.
    made[kind] ??= CALLERS[kind](settings) as Caller<Destination>;
    return made[kind](destination, request);
  };
}
