import { type Endpoint, type EndpointKey, keyOfEndpoint } from './endpoint.js';

/** One of the concurrent calls that an endpoint takes. Times are Unix milliseconds. */
export interface Slot {
  readonly index: number;
  /** The run whose call it is, or will be. */
  readonly run: string;
  /** The nonce of the claim whose call it is; or the run that is called up next and its caller (`keptFor`). */
  readonly holder: string;
  readonly lease: number;
}

/**
 * The store of limits. An endpoint with a rate has three clocks; each use moves its clock on by `intervalMs`: the long
 * line (when each message comes), the line of calls that missed their moment, and the endpoint's own calls. Only the
 * last clock keeps the rate: it gives at most one moment per interval, and one more after a pause.
 */
export interface LimitStore {
  /**
   * Books the next free moment of the long line. If no call waits, the call is taken at once. Undefined if the long
   * line is empty, but calls are in progress at the endpoint, or wait in the other line.
   */
  bookMoment(
    key: EndpointKey,
    intervalMs: number,
    now: number,
  ): Promise<{ readonly at: number; readonly isTaken: boolean } | undefined>;
  /**
   * Takes the next free moment for a call, not before `now` and not after `until`. A call that has not `missed` a
   * moment takes only a moment that is free at once, while calls that have missed one wait.
   */
  takeMoment(
    key: EndpointKey,
    intervalMs: number,
    now: number,
    until: number,
    missed: boolean,
  ): Promise<number | undefined>;
  /** Books the next free moment in the line of calls that missed their moment, not before `soonest`. */
  bookAgain(key: EndpointKey, intervalMs: number, soonest: number): Promise<number>;
  /** All slots that are or were taken, strongly consistent. */
  slots(key: EndpointKey): Promise<Slot[]>;
  /** Takes or keeps the slot, if it is free, its lease is over at `now`, or one of `holders` holds it. */
  takeSlot(key: EndpointKey, slot: Slot, holders: readonly string[], now: number): Promise<boolean>;
  /** Frees the slot, if `holder` holds it. */
  freeSlot(key: EndpointKey, index: number, holder: string): Promise<void>;
}

/**
 * A booked moment for a call, stored as `turn` in run and token. `n` counts the bookings of one attempt: the run names
 * the valid booking. The first booking is in the long line, in the order in which calls asked. Later bookings are for
 * missed moments, and are near now.
 */
export interface RateBooking {
  readonly n: number;
  readonly at: number;
}

/** The first number of a booking in the line of calls that missed their moment. */
export const MISSED = 2;

/** A nearer moment is waited for on the spot: a message takes about as long. */
const NEAR_MS = 100;

/** Up to this rate (calls a second) each call is waited for to the millisecond, inside the function. */
const EXACT_RATE = 10;
/** How long a near call is waited for inside the function: at a high rate many calls wait at the same time. */
const PATIENCE_MS = 2_000;
const CROWDS_PATIENCE_MS = 1_000;

/**
 * When the message of a booking should arrive: SQS counts in seconds. At a low rate the function waits for the exact
 * moment. At a high rate waiting calls would fill the lane: they come up to a second late, which matters less.
 */
export function arrivalOf({ at }: RateBooking, ratePerSecond: number): number {
  return ratePerSecond <= EXACT_RATE ? at : at + 1;
}

export type BookingDecision =
  /** Wait for the booked moment; the booking is recorded already. */
  | { readonly booking: 'wait'; readonly for: RateBooking }
  /** The token's booking was replaced by another one. */
  | { readonly booking: 'stale' }
  /** The moment has come: ask whether the call may be made. `n` is the booking's number, 0 without a booking. */
  | { readonly booking: 'seek'; readonly n: number };

/**
 * The decision for a token with the booking `brought`, if its run has `recorded`. A duplicate token whose booking is
 * stale ends here; otherwise duplicates rebook without end. A booking is recorded after its token was sent.
 */
export function decideBooking(
  brought: RateBooking | undefined,
  recorded: RateBooking | undefined,
  now: number,
): BookingDecision {
  if (brought && recorded && isReplaced(brought, recorded)) return { booking: 'stale' };
  const booked = brought ?? recorded;
  if (booked === undefined) return { booking: 'seek', n: 0 };
  return booked.at > now + NEAR_MS ? { booking: 'wait', for: booked } : { booking: 'seek', n: booked.n };
}

function isReplaced(brought: RateBooking, recorded: RateBooking): boolean {
  return brought.n < recorded.n || (brought.n === recorded.n && brought.at !== recorded.at);
}

/**
 * Asks for a call at an endpoint with a rate limit. A booking only says when the message comes: at its arrival, at
 * whatever moment, it gets the next free moment of the endpoint's own calls, if that is near. Otherwise the call books
 * (again). So the endpoint gets its full rate even if all messages come late, and no more if many come together.
 * @param n the number of the booking whose moment has come; 0 without a booking
 * @param now the earliest moment for the call
 * @returns when the call starts, at most two seconds from now; or the booking at which to come back
 */
export async function seekMoment(
  limits: LimitStore,
  endpoint: Endpoint,
  n: number,
  now: number,
): Promise<{ readonly startsAt: number } | { readonly booking: RateBooking }> {
  const key = keyOfEndpoint(endpoint);
  const rate = endpoint.rate_limit_per_second!;
  const intervalMs = 1000 / rate;
  let from = now;
  if (n === 0) {
    const booked = await limits.bookMoment(key, intervalMs, now);
    if (booked?.isTaken) return { startsAt: booked.at };
    if (booked && booked.at > now + NEAR_MS) return { booking: { n: 1, at: Math.ceil(booked.at) } };
    from = booked?.at ?? now;
  }
  const patienceMs = rate <= EXACT_RATE ? PATIENCE_MS : CROWDS_PATIENCE_MS;
  const startsAt = await limits.takeMoment(key, intervalMs, from, from + patienceMs, n >= MISSED);
  if (startsAt !== undefined) return { startsAt };
  const at = await limits.bookAgain(key, intervalMs, from + patienceMs);
  return { booking: { n: Math.max(n + 1, MISSED), at: Math.ceil(at) } };
}
