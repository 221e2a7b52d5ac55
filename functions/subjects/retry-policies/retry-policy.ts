import type { Judged } from '../../destinations/kind.js';
import { kindOf, type OfKind } from '../../destinations/registry.js';

/** 2^52 times any base exceeds every cap; a larger exponent would give Infinity, and 0 × Infinity is NaN. */
const MAX_DOUBLINGS = 52;

type Strategy = (
  policy: { readonly base_delay_seconds: number; readonly delays_seconds: readonly number[] },
  failed: number,
) => number;

/** For each strategy: the seconds to wait after the `failed`-th failure, from 1. */
const STRATEGIES = {
  fixed: ({ base_delay_seconds: base }) => base,
  linear: ({ base_delay_seconds: base }, failed) => base * failed,
  exponential: ({ base_delay_seconds: base }, failed) => base * 2 ** Math.min(failed - 1, MAX_DOUBLINGS),
  custom: ({ base_delay_seconds: base, delays_seconds: delays }, failed) =>
    delays[Math.min(failed, delays.length) - 1] ?? base,
} as const satisfies Record<string, Strategy>;

export type RetryStrategy = keyof typeof STRATEGIES;
export const RETRY_STRATEGIES = Object.keys(STRATEGIES) as RetryStrategy[];

/** When and how often a failed delivery attempt is tried again. */
export interface RetryPolicy {
  strategy: RetryStrategy;
  base_delay_seconds: number;
  /** No delay is longer, whatever the strategy, the list or Retry-After says. */
  max_delay_seconds: number;
  /** For `custom`: the delays in order; the last delay repeats while attempts remain. */
  delays_seconds: number[];
  /** Number of attempts, including the first. */
  max_attempts: number;
  /** `full` draws each delay uniformly between 0 and the strategy's delay. */
  jitter: 'none' | 'full';
  /** Statuses such as "5xx" or "429"; absent means every status that is not 2xx. */
  retry_on_statuses?: string[];
  honor_retry_after: boolean;
}

/** 30 s, 2 min, 10 min, 1 h, 6 h: six attempts, spread over seven hours. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  strategy: 'custom',
  base_delay_seconds: 30,
  max_delay_seconds: 21_600,
  delays_seconds: [30, 120, 600, 3_600, 21_600],
  max_attempts: 6,
  jitter: 'none',
  honor_retry_after: true,
};

/**
 * Whether the policy's statuses allow another attempt (its number of attempts is not considered). Timeouts, network
 * errors, redirects and aborted answers always do; blocked calls, cancelled calls and failures that the kind of target
 * knows to be final (HTTP: unreadable 2xx) never do.
 */
export function isRetryable(policy: RetryPolicy, outcome: Judged & OfKind): boolean {
  if (outcome.status === 'timed_out') return true;
  if (outcome.status !== 'failed' || kindOf(outcome).isFinal?.(outcome)) return false;
  const { http_status } = outcome;
  if (http_status === null || http_status < 400) return true;
  return policy.retry_on_statuses?.some((pattern) => matchesStatus(pattern, http_status)) ?? true;
}

/** "404" matches 404, "4xx" (in either case) all of 400 to 499. */
function matchesStatus(pattern: string, status: number): boolean {
  const wanted = pattern.toLowerCase();
  return wanted === `${status}` || wanted === `${Math.floor(status / 100)}xx`;
}

/**
 * Milliseconds to wait after the `failed`-th failure of the current budget (1 = the first). `random` draws from [0, 1).
 * The receiver's Retry-After can make the wait longer, up to max_delay_seconds, and never shorter. So no receiver can
 * turn the backoff into a tight loop, or delay a retry without end.
 */
export function retryDelayMs(policy: RetryPolicy, failed: number, random: () => number, retryAfterMs = 0): number {
  const drawn = strategyDelayMs(policy, failed) * (policy.jitter === 'full' ? random() : 1);
  const asked = policy.honor_retry_after ? Math.max(0, retryAfterMs) : 0;
  return Math.round(Math.min(Math.max(drawn, asked), policy.max_delay_seconds * 1000));
}

/** An upper bound, in milliseconds, of all waits of one budget: how long a task run can live. */
export function totalDelayMs(policy: RetryPolicy): number {
  const waits = Math.max(0, policy.max_attempts - 1);
  if (policy.honor_retry_after) return waits * policy.max_delay_seconds * 1000;
  return Array.from({ length: waits }, (_, index) => strategyDelayMs(policy, index + 1)).reduce((a, b) => a + b, 0);
}

function strategyDelayMs(policy: RetryPolicy, failed: number): number {
  return Math.min(STRATEGIES[policy.strategy](policy, Math.max(1, failed)), policy.max_delay_seconds) * 1000;
}

/** Seconds, with a fraction as some frameworks write it. */
const SECONDS = /^\d+(\.\d+)?$/;
/** The three forms of RFC 9110, 5.6.7 ("Sun, 06 Nov 1994 …", "Sunday, 06-Nov-94 …", "Sun Nov  6 …"), or mail's zone. */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? [\w: -]+( [+-]\d{4})?$/;
const ISO_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;
const ZONE = /(GMT|UTC|Z|[+-]\d\d:?\d\d)$/i;

/**
 * Milliseconds from `now` (Unix milliseconds) that a Retry-After header asks for: its seconds, or the time until its
 * date (0 for a past date). Undefined without a header, or if the header is neither.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const value = header?.trim() ?? '';
  if (SECONDS.test(value)) return Math.min(Number(value) * 1000, Number.MAX_SAFE_INTEGER);
  if (!HTTP_DATE.test(value) && !ISO_DATE.test(value)) return undefined;
  // The asctime form has no zone; in HTTP it is UTC.
  const moment = Date.parse(ZONE.test(value) ? value : `${value} GMT`);
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - now);
}
