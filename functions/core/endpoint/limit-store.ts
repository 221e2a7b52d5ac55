import type { EndpointKey } from './endpoint.js';

/** One of the calls that an endpoint takes at the same time. Times are Unix milliseconds. */
export interface Slot {
  readonly index: number;
  /** Whose call it is, or is to be. */
  readonly run: string;
  /** The nonce of the claim whose call it is, or the run that is called up next, and its caller. */
  readonly holder: string;
  readonly lease: number;
}

export interface LimitStore {
  /** Books the next free moment for a call, not before `now`, on a clock that runs ahead by `intervalMs` with each. */
  bookTurn(key: EndpointKey, intervalMs: number, now: number): Promise<number>;
  /** All that are or were taken, strongly consistent. */
  slots(key: EndpointKey): Promise<Slot[]>;
  /** Takes or keeps the slot, if it is free, its lease is over at `now`, or one of `holders` has it. */
  takeSlot(key: EndpointKey, slot: Slot, holders: readonly string[], now: number): Promise<boolean>;
  /** Gives the slot up, if the holder has it. */
  freeSlot(key: EndpointKey, index: number, holder: string): Promise<void>;
}
