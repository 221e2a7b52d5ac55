import type { Clock } from '../../primitives/clock.js';
import { pickBy } from '../../primitives/ids.js';
import { type Endpoint, keyOfEndpoint } from './endpoint.js';
import type { LimitStore, Slot } from './rate-booking.js';

interface LimitPorts {
  readonly limits: LimitStore;
  readonly clock: Clock;
}

/** The holder of a slot that is kept for a run: the run and its caller, so that no other caller calls it up. */
export function keptFor(run: string, caller: string): string {
  return `${run} ${caller}`;
}

/** All slots are taken. */
export interface Full {
  /** When the slot of an earlier worker of the same run is free: that worker may have died without calling up a run. */
  readonly strayUntil?: number;
}

/** Takes one of the endpoint's slots for a claim; first the slot that is kept for its run, if there is one. */
export async function takeSlot(
  ports: Pick<LimitPorts, 'clock' | 'limits'>,
  endpoint: Endpoint,
  claim: { readonly run: string; readonly nonce: string; readonly lease: number },
): Promise<number | Full> {
  const { run, nonce, lease } = claim;
  const isOwn = ({ holder }: Slot) => holder === nonce || holder.startsWith(keptFor(run, ''));
  const taken = await take(ports, endpoint, { run, holder: nonce, lease }, isOwn);
  if (typeof taken === 'number') return taken;
  const stray = taken.find((slot) => slot.run === run);
  return stray ? { strayUntil: stray.lease } : {};
}

/** The runs to call up, the first ones first: those without another caller, as far as slots are free. */
export async function callable(
  ports: Pick<LimitPorts, 'clock' | 'limits'>,
  endpoint: Endpoint,
  runs: readonly string[],
  caller: string,
): Promise<Set<string>> {
  const taken = await liveSlots(ports, endpoint);
  const holderOf = (run: string) => taken.find(({ holder }) => holder.startsWith(keptFor(run, '')))?.holder;
  const mine = runs.filter((run) => holderOf(run) === keptFor(run, caller));
  const uncalled = runs.filter((run) => holderOf(run) === undefined);
  return new Set([...mine, ...uncalled.slice(0, Math.max(0, endpoint.max_concurrency! - taken.length))]);
}

/** Keeps a slot for the run that is called up, unless all are taken, or another caller keeps one for it. */
export async function keepSlot(
  ports: Pick<LimitPorts, 'clock' | 'limits'>,
  endpoint: Endpoint,
  kept: Omit<Slot, 'index'>,
): Promise<number | 'full' | 'called up'> {
  const isAnothers = ({ holder }: Slot) => holder !== kept.holder && holder.startsWith(keptFor(kept.run, ''));
  const taken = await take(ports, endpoint, kept, ({ holder }) => holder === kept.holder, isAnothers);
  if (typeof taken === 'number') return taken;
  return taken.some(isAnothers) ? 'called up' : 'full';
}

/** Answers the taken slots if none can be taken, or if one of them excludes it. */
async function take(
  ports: Pick<LimitPorts, 'clock' | 'limits'>,
  endpoint: Endpoint,
  wanted: Omit<Slot, 'index'>,
  isOwn: (slot: Slot) => boolean,
  excludes: (slot: Slot) => boolean = () => false,
): Promise<number | readonly Slot[]> {
  const key = keyOfEndpoint(endpoint);
  for (;;) {
    const taken = await liveSlots(ports, endpoint);
    if (taken.some(excludes)) return taken;
    const own = taken.find(isOwn);
    const index = own?.index ?? freeIndex(taken, endpoint.max_concurrency!, wanted.holder);
    if (index === undefined) return taken;
    const holders = [wanted.holder, own?.holder ?? wanted.holder];
    if (await ports.limits.takeSlot(key, { ...wanted, index }, holders, ports.clock.now())) return index;
  }
}

async function liveSlots({ limits, clock }: Pick<LimitPorts, 'clock' | 'limits'>, endpoint: Endpoint): Promise<Slot[]> {
  const slots = await limits.slots(keyOfEndpoint(endpoint));
  return slots.filter(({ lease }) => lease > clock.now());
}

/** Different holders try different slots first, so that they seldom collide. */
function freeIndex(taken: readonly Slot[], most: number, holder: string): number | undefined {
  if (taken.length >= most) return undefined;
  const used = new Set(taken.map(({ index }) => index));
  const free = Array.from({ length: most }, (_, index) => index).filter((index) => !used.has(index));
  return free[pickBy(holder, free.length)];
}
