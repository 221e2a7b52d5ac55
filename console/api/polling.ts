import { ApiProblem } from './problem.js';

/** Milliseconds between requests while answers change. */
export const FASTEST_MS = 2_000;
const SLOWEST_MS = 8_000;
const SLOWEST_AFTER_FAILURES_MS = 60_000;

/** The facts on which the next wait depends. */
export interface Pace {
  /** Number of equal answers in a row. */
  readonly unchanged: number;
  /** Number of failures in a row. */
  readonly failures: number;
  readonly error?: unknown;
}

/** Milliseconds until the next request: longer while nothing changes, much longer while the API fails. */
export function nextWaitMs({ unchanged, failures, error }: Pace, fastestMs = FASTEST_MS): number {
  if (failures === 0) return Math.min(fastestMs * 1.25 ** unchanged, Math.max(SLOWEST_MS, fastestMs));
  const asked = error instanceof ApiProblem ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
  return Math.max(asked, Math.min(fastestMs * 2 ** failures, SLOWEST_AFTER_FAILURES_MS));
}

/** Whether a repeat can help: a request that the API refuses stays refused. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return true;
  const { status } = error.problem;
  return status === 429 || status >= 500 || status === 0;
}
