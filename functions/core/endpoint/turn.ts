/** A booked moment for a call. `n` counts the bookings of one attempt: the run names the one that counts. */
export interface Turn {
  readonly n: number;
  readonly at: number;
}

/** A turn that was missed by more than this is lost: many that come late together would break the limit. */
const TURN_LASTS_MS = 2_500;
/** What is nearer is waited out on the spot: a message takes about as long. */
export const TURN_NEAR_MS = 100;

/** Calls a second up to which each is waited for to the millisecond, inside the function. */
const EXACT_RATE = 10;

/**
 * When the message of a turn should come: SQS counts in seconds. A few calls a second are spread by waiting the rest out;
 * among many it does not show, and so many that wait would fill the lane: they come up to a second after their turn.
 */
export function arrivalOf({ at }: Turn, ratePerSecond: number): number {
  return ratePerSecond <= EXACT_RATE ? at : at + 1;
}

export type TurnDecision =
  /** The call may start at `at`, which is near. */
  | { readonly turn: 'now'; readonly at: number }
  /** Wait for it; it is recorded already. */
  | { readonly turn: 'wait'; readonly for: Turn }
  /** A copy that another booking has replaced. */
  | { readonly turn: 'stale' }
  | { readonly turn: 'book'; readonly n: number };

/**
 * What a token that carries `brought` does when its run has `recorded`. Without the ordinal every copy of a token, however
 * it came about, would book turns for ever. A booking is recorded after its token was sent, so what it replaces may end.
 */
export function decideTurn(brought: Turn | undefined, recorded: Turn | undefined, now: number): TurnDecision {
  if (brought && recorded && isReplaced(brought, recorded)) return { turn: 'stale' };
  const turn = brought ?? recorded;
  if (turn === undefined) return { turn: 'book', n: 1 };
  if (turn.at > now + TURN_NEAR_MS) return { turn: 'wait', for: turn };
  return now - turn.at <= TURN_LASTS_MS ? { turn: 'now', at: turn.at } : { turn: 'book', n: turn.n + 1 };
}

function isReplaced(brought: Turn, recorded: Turn): boolean {
  return brought.n < recorded.n || (brought.n === recorded.n && brought.at !== recorded.at);
}
