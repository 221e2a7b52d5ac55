import { type Endpoint, keyOfEndpoint } from './endpoint.js';
import type { LimitStore } from './limit-store.js';

/**
 * A booked moment to come for a call. `n` counts the bookings of one attempt: the run names the one that counts. The first
 * turn is in the long line, in the order in which calls were asked for; later ones are for turns that were missed, near now.
 */
export interface Turn {
  readonly n: number;
  readonly at: number;
}

/** The first number of a turn in the line of calls that missed one. */
export const MISSED = 2;

/** What is nearer is waited out on the spot: a message takes about as long. */
const TURN_NEAR_MS = 100;

/** Calls a second up to which each is waited for to the millisecond, inside the function. */
const EXACT_RATE = 10;
/** How long a call that may be made soon is waited for inside the function: of many a second, many wait at a time. */
const PATIENCE_MS = 2_000;
const CROWDS_PATIENCE_MS = 1_000;

/**
 * When the message of a turn should come: SQS counts in seconds. A few calls a second are spread by waiting the rest out;
 * among many it does not show, and so many that wait would fill the lane: they come up to a second after their turn.
 */
export function arrivalOf({ at }: Turn, ratePerSecond: number): number {
  return ratePerSecond <= EXACT_RATE ? at : at + 1;
}

export type TurnDecision =
  /** Wait for it; it is recorded already. */
  | { readonly turn: 'wait'; readonly for: Turn }
  /** A copy that another booking has replaced. */
  | { readonly turn: 'stale' }
  /** It has come, however long ago: see whether the call may be made. `n` is its number, 0 where none was booked. */
  | { readonly turn: 'seek'; readonly n: number };

/**
 * What a token that carries `brought` does when its run has `recorded`. Without the ordinal every copy of a token, however
 * it came about, would book turns for ever. A booking is recorded after its token was sent, so what it replaces may end.
 */
export function decideTurn(brought: Turn | undefined, recorded: Turn | undefined, now: number): TurnDecision {
  if (brought && recorded && isReplaced(brought, recorded)) return { turn: 'stale' };
  const turn = brought ?? recorded;
  if (turn === undefined) return { turn: 'seek', n: 0 };
  return turn.at > now + TURN_NEAR_MS ? { turn: 'wait', for: turn } : { turn: 'seek', n: turn.n };
}

function isReplaced(brought: Turn, recorded: Turn): boolean {
  return brought.n < recorded.n || (brought.n === recorded.n && brought.at !== recorded.at);
}

/**
 * Asks for a call to be made at an endpoint with a rate limit. A turn says when to come, no more: a message that comes, at whatever
 * moment, is given the next free moment of the endpoint's own calls, if that is near. So the endpoint gets its rate also
 * when all its messages come late, and no more than that when many of them come together. Else the call books (again).
 * @param n the number of the turn that has come; 0: none was booked yet
 * @param now the soonest moment for the call
 * @returns when the call starts, at most two seconds from now; or the turn to come back at
 */
export async function seekTurn(
  limits: LimitStore,
  endpoint: Endpoint,
  n: number,
  now: number,
): Promise<{ readonly startsAt: number } | { readonly turn: Turn }> {
  const key = keyOfEndpoint(endpoint);
  const rate = endpoint.rate_limit_per_second!;
  const intervalMs = 1000 / rate;
  let from = now;
  if (n === 0) {
    const booked = await limits.bookTurn(key, intervalMs, now);
    if (booked?.isTaken) return { startsAt: booked.at };
    if (booked && booked.at > now + TURN_NEAR_MS) return { turn: { n: 1, at: Math.ceil(booked.at) } };
    from = booked?.at ?? now;
  }
  const patienceMs = rate <= EXACT_RATE ? PATIENCE_MS : CROWDS_PATIENCE_MS;
  const startsAt = await limits.takeTurn(key, intervalMs, from, from + patienceMs, n >= MISSED);
  if (startsAt !== undefined) return { startsAt };
  const at = await limits.bookAgain(key, intervalMs, from + patienceMs);
  return { turn: { n: Math.max(n + 1, MISSED), at: Math.ceil(at) } };
}
