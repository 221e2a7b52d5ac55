import { ApiProblem } from './problem.js';

/** The pace while things change: half a request a second. */
export const FASTEST_MS = 2_000;
const SLOWEST_MS = 8_000;
const SLOWEST_AFTER_FAILURES_MS = 60_000;

/** What the next wait depends on. */
export interface Pace {
  /** Answers in a row that were like the one before. */
  readonly unchanged: number;
  /** Failures in a row. */
  readonly failures: number;
  readonly error?: unknown;
}

/** Milliseconds until the next request: slower while nothing changes, much slower while the API is in trouble. */
export function nextWaitMs({ unchanged, failures, error }: Pace, fastestMs = FASTEST_MS): number {
  if (failures === 0) return Math.min(fastestMs * 1.25 ** unchanged, Math.max(SLOWEST_MS, fastestMs));
  const asked = error instanceof ApiProblem ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
  return Math.max(asked, Math.min(fastestMs * 2 ** failures, SLOWEST_AFTER_FAILURES_MS));
}

/** Whether asking again can help: what is refused as such stays refused. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return true;
  const { status } = error.problem;
  return status === 429 || status >= 500 || status === 0;
}
