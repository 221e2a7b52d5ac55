/**
 * What a message says of its failures so far. The message's copies carry it, since SQS's own receive count is no
 * evidence: that count also rises when Lambda throttles or a function cannot start.
 */
export interface Failures {
  /** How often our own code has seen the handling fail, including the present failure. */
  readonly count: number;
  /** The first of these failures (Unix milliseconds). */
  readonly since: number;
}

export type FailureCause =
  /** An AWS service or the network refused or did not answer. Such a failure passes, however long it lasts. */
  | 'platform'
  /** The message is of a kind that this release does not know: a later release has sent it. */
  | 'unknown'
  /** The message is not JSON: no release has sent it. */
  | 'junk'
  /** Our own code threw. */
  | 'own';

export interface FailureSettings {
  /** The delay of the first copy; each further copy waits twice as long. */
  readonly againMs: number;
  /** No copy waits longer. */
  readonly againMostMs: number;
  /** A message that our own code fails on for this long, while other messages succeed, is poison. */
  readonly poisonMs: number;
}

export type FailureDecision =
  /** A copy of the message comes again after the delay. */
  | { readonly do: 'again'; readonly delayMs: number }
  /** The message stays in SQS unchanged, and SQS moves it to the queue's DLQ in the end. */
  | { readonly do: 'leave' }
  /** The message can never be handled: its run ends, visibly. */
  | { readonly do: 'end' };

/** Work that was acknowledged survives any outage shorter than this; a message that fails for longer ends. */
const OUTAGE_MS = 14 * 24 * 60 * 60 * 1000;

/**
 * The decision for a message whose handling has failed. A failure of the platform never ends a message. A failure of
 * our own code ends a message only if other messages succeed meanwhile: a release that fails on everything is rolled
 * back, and then every message goes on. Without such evidence a message ends when the longest promised outage is over.
 */
export function decideFailure(
  { count, since }: Failures,
  cause: FailureCause,
  othersSucceed: boolean,
  now: number,
  settings: FailureSettings,
): FailureDecision {
  const lasted = now - since;
  if (cause === 'junk') return { do: 'leave' };
  if (cause === 'own' && othersSucceed && lasted >= settings.poisonMs) return { do: 'end' };
  if (cause !== 'platform' && lasted >= OUTAGE_MS) return { do: 'end' };
  return { do: 'again', delayMs: delayAfter(count, settings) };
}

/** Milliseconds until the next try, after `count` failures. */
export function delayAfter(count: number, { againMs, againMostMs }: FailureSettings): number {
  return Math.min(againMs * 2 ** Math.min(count - 1, 30), againMostMs);
}

/** From this count on a message has failed for too long to be a brief disturbance: an alarm tells people. */
export const STUCK_FAILURES = 8;

/** A message or a row in a format that this release cannot read. A later release may have written it. */
export class UnknownFormatError extends Error {
  override readonly name = 'UnknownFormatError';
}

/** A message whose body is not JSON. The body must not be quoted in a log. */
export class JunkMessageError extends Error {
  override readonly name = 'JunkMessageError';
  constructor() {
    super('the message is not JSON');
  }
}

/** An AWS service reported a failure in an answer, without an error of the SDK. */
export class PlatformError extends Error {
  override readonly name: string = 'PlatformError';
}

/** AWS refused the request itself: a repeat would be refused, too. */
const OUR_REQUEST = /^(Validation|InvalidParameter|Serialization|ItemCollectionSizeLimitExceeded)/;

/**
 * The cause of a failure. Errors of the SDK carry `$metadata`, network errors of Node a `code` such as `ECONNRESET`,
 * and a timeout of the SDK has the name `TimeoutError`. An error that wraps another error has the other's cause.
 */
export function causeOf(error: unknown): FailureCause {
  if (error instanceof UnknownFormatError) return 'unknown';
  if (error instanceof JunkMessageError) return 'junk';
  if (error instanceof PlatformError) return 'platform';
  if (!(error instanceof Error)) return 'own';
  if ('$metadata' in error) return OUR_REQUEST.test(error.name) ? 'own' : 'platform';
  const { code } = error as { readonly code?: unknown };
  const isNetwork = typeof code === 'string' && /^E(?!RR_)[A-Z]+$/.test(code);
  if (isNetwork || error.name === 'TimeoutError') return 'platform';
  return error.cause === undefined ? 'own' : causeOf(error.cause);
}
