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

/**
 * What limits need of the world. An endpoint with a rate has three clocks, which each use moves on by `intervalMs`: the long
 * line (which message comes when), the line of calls that missed their moment, and the endpoint's own calls. Only the last
 * one keeps the rate: it hands out at most one moment per interval, and one more after a pause.
 */
export interface LimitStore {
  /**
   * Books the next free moment of the long line. Where no call waits, the call is taken at once. Nothing when the
   * long line is empty, but calls are under way to the endpoint, or wait in the other line.
   */
  bookMoment(
    key: EndpointKey,
    intervalMs: number,
    now: number,
  ): Promise<{ readonly at: number; readonly isTaken: boolean } | undefined>;
  /**
   * Takes the next free moment for a call, not before `now` and not after `until`. A call that has not `missed` a
   * moment leaves what is not free at once to calls that have, if there are any.
   */
  takeMoment(
    key: EndpointKey,
    intervalMs: number,
    now: number,
    until: number,
    missed: boolean,
  ): Promise<number | undefined>;
  /** Books the next free moment in the line of calls that missed theirs, not before `soonest`. */
  bookAgain(key: EndpointKey, intervalMs: number, soonest: number): Promise<number>;
  /** All that are or were taken, strongly consistent. */
  slots(key: EndpointKey): Promise<Slot[]>;
  /** Takes or keeps the slot, if it is free, its lease is over at `now`, or one of `holders` has it. */
  takeSlot(key: EndpointKey, slot: Slot, holders: readonly string[], now: number): Promise<boolean>;
  /** Gives the slot up, if the holder has it. */
  freeSlot(key: EndpointKey, index: number, holder: string): Promise<void>;
}
