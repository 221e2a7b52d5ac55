import type { Clock } from '../ports.js';
import { type Endpoint, keyOfEndpoint } from './endpoint.js';
import type { LimitStore, Slot } from './limit-store.js';

interface LimitPorts {
  readonly limits: LimitStore;
  readonly clock: Clock;
}

/** Who wants a slot: the claim, or the run itself for a claim to come. */
export interface Wish {
  readonly run: string;
  readonly holder: string;
  readonly lease: number;
}

/** Takes one of the endpoint's slots, the one kept for the run if there is; nothing when all are taken. */
export async function takeSlot(ports: LimitPorts, endpoint: Endpoint, wish: Wish): Promise<number | undefined> {
  const key = keyOfEndpoint(endpoint);
  const holders = [wish.holder, wish.run];
  for (;;) {
    const now = ports.clock.now();
    const taken = (await ports.limits.slots(key)).filter(({ lease }) => lease > now);
    const own = taken.find(({ holder }) => holders.includes(holder));
    const index = own?.index ?? freeIndex(taken, endpoint.max_concurrency!, wish.holder);
    if (index === undefined) return undefined;
    const slot = { index, holder: wish.holder, lease: wish.lease };
    if (await ports.limits.takeSlot(key, slot, holders, now)) return index;
  }
}

/** Different holders try different ones first, so that they seldom meet. */
function freeIndex(taken: readonly Slot[], most: number, holder: string): number | undefined {
  if (taken.length >= most) return undefined;
  const used = new Set(taken.map(({ index }) => index));
  const free = Array.from({ length: most }, (_, index) => index).filter((index) => !used.has(index));
  return free[Number.parseInt(holder.slice(-8), 16) % free.length];
}
