import { createHttpCaller } from './http/caller.js';
import type { Caller, CallerSettings } from './kind.js';
import type { Destination, KindName } from './registry.js';
import { createSqsCaller } from './sqs/caller.js';

type Create = (settings: CallerSettings) => Caller<never>;

/** The other services have clients of their own, which are files beside the bundle (`lib/bundles.ts`): their first call loads them. */
const CALLERS: Readonly<Record<KindName, Create>> = {
  http: createHttpCaller,
  sqs: createSqsCaller,
  sns: atFirstCall(async () => (await import('./sns/caller.js')).createSnsCaller),
  eventbridge: atFirstCall(async () => (await import('./eventbridge/caller.js')).createEventBridgeCaller),
  lambda: atFirstCall(async () => (await import('./lambda/caller.js')).createLambdaCaller),
  stepfunctions: atFirstCall(async () => (await import('./stepfunctions/caller.js')).createStepFunctionsCaller),
};

function atFirstCall(load: () => Promise<Create>): Create {
  return (settings) => {
    const loading = load().then((create) => create(settings));
    return async (destination, request) => (await loading)(destination, request);
  };
}

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
