/** Failures are counted by the quarter of an hour. */
export const FAILURES_MS = 15 * 60 * 1000;
/** Failures of one address, after which the address is refused until the quarter of an hour ends. */
export const MOST_OF_ADDRESS = 10;
/** Failures of all addresses, after which one failure is the most of an address. */
export const MOST_OF_ALL = 100;

/** The quarter of an hour of a moment. */
export function windowOf(now: number): { readonly from: number; readonly until: number } {
  const from = now - (now % FAILURES_MS);
  return { from, until: from + FAILURES_MS };
}

/**
 * Whether an address with these failures is refused, whatever key it sends. An address without a failure never is: so
 * no attack from elsewhere keeps a person out who has the right key.
 */
export function isRefused({ here, all }: FailedSignIns): boolean {
  return here >= (all >= MOST_OF_ALL ? 1 : MOST_OF_ADDRESS);
}

/** How many sign-ins failed in the present quarter of an hour: from one address, and from all. */
export interface FailedSignIns {
  readonly here: number;
  readonly all: number;
}

/** Approximate: a repeat of the SDK counts twice, and sign-ins at the same moment do not see each other. */
export interface FailedSignInStore {
  count(address: string): Promise<FailedSignIns>;
  /** The counts with this failure. */
  add(address: string): Promise<FailedSignIns>;
}
