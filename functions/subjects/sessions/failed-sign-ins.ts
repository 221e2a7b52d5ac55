import { isIPv6 } from 'node:net';

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

/**
 * What failures of an address are counted under. A subscriber of IPv6 has a network of 64 bits at least, and with it more
 * addresses than any count can hold.
 */
export function placeOf(address: string): string {
  if (!isIPv6(address)) return address;
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  if (canonical.startsWith('::ffff:')) return canonical; // an address of IPv4
  const [before = [], after] = canonical.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = after === undefined ? 0 : 8 - before.length - after.length;
  return `${[...before, ...Array(zeros).fill('0'), ...(after ?? [])].slice(0, 4).join(':')}::/64`;
}

/** How many sign-ins failed in the present quarter of an hour: from one address, and from all. */
export interface FailedSignIns {
  readonly here: number;
  readonly all: number;
}

/** Approximate: a repeat of the SDK counts twice, and sign-ins at the same moment do not see each other. */
export interface FailedSignInStore {
  count(place: string): Promise<FailedSignIns>;
  /** The counts with this failure. */
  add(place: string): Promise<FailedSignIns>;
}
