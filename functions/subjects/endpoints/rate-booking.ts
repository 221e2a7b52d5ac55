import { type Endpoint, type EndpointKey, keyOfEndpoint } from './endpoint.js';

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

/**
 * A booked moment for a call, stored as `turn` in run and token. `n` counts the bookings of one attempt: the run names the
 * booking that counts. The first booking is in the long line, in the order in which calls were asked for. Later bookings are
 * for moments that were missed, and lie near now.
 */
export interface RateBooking {
  readonly n: number;
  readonly at: number;
}

/** The first number of a booking in the line of calls that missed their moment. */
export const MISSED = 2;

/** What is nearer is waited out on the spot: a message takes about as long. */
const NEAR_MS = 100;

/** Calls a second up to which each is waited for to the millisecond, inside the function. */
const EXACT_RATE = 10;
/** How long a call that may be made soon is waited for inside the function: of many a second, many wait at a time. */
const PATIENCE_MS = 2_000;
const CROWDS_PATIENCE_MS = 1_000;

/**
 * When the message of a booking should come: SQS counts in seconds. A few calls a second are spread by waiting the rest out;
 * among many it does not show, and so many that wait would fill the lane: they come up to a second after their moment.
 */
export function arrivalOf({ at }: RateBooking, ratePerSecond: number): number {
  return ratePerSecond <= EXACT_RATE ? at : at + 1;
}

export type BookingDecision =
  /** Wait for its moment; the booking is recorded already. */
  | { readonly booking: 'wait'; readonly for: RateBooking }
  /** A copy that another booking has replaced. */
  | { readonly booking: 'stale' }
  /** Its moment has come, however long ago: see whether the call may be made. `n` is its number, 0 where none was booked. */
  | { readonly booking: 'seek'; readonly n: number };

/**
 * What a token that carries `brought` does when its run has `recorded`. A duplicate token whose booking is stale ends
 * here; otherwise duplicates rebook without end. A booking is recorded after its token was sent, so what it replaces may end.
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
 * Asks for a call to be made at an endpoint with a rate limit. A booking only says when to come: a message that comes, at whatever
 * moment, is given the next free moment of the endpoint's own calls, if that is near. So the endpoint gets its rate also
 * when all its messages come late, and no more than that when many of them come together. Else the call books (again).
 * @param n the number of the booking whose moment has come; 0: none was booked yet
 * @param now the soonest moment for the call
 * @returns when the call starts, at most two seconds from now; or the booking to come back at
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
