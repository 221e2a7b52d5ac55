import type { components } from '../../api/schema.js';

type Strategy = components['schemas']['RetryPolicy']['strategy'];

/** As much of a retry policy as its delays follow from. */
export interface DelaySettings {
  readonly strategy: Strategy;
  readonly base_delay_seconds: number;
  readonly max_delay_seconds: number;
  readonly delays_seconds: readonly number[];
  readonly max_attempts: number;
}

/** Seconds between a policy's attempts, one by one, without jitter; each as long as the API would make it. */
export function delaysOf(policy: DelaySettings): number[] {
  const retries = Math.max(0, policy.max_attempts - 1);
  const delay = DELAYS[policy.strategy];
  return Array.from({ length: retries }, (_, index) => Math.min(delay(policy, index + 1), policy.max_delay_seconds));
}

const DELAYS: Readonly<Record<Strategy, (policy: DelaySettings, failed: number) => number>> = {
  fixed: ({ base_delay_seconds: base }) => base,
  linear: ({ base_delay_seconds: base }, failed) => base * failed,
  exponential: ({ base_delay_seconds: base }, failed) => base * 2 ** (failed - 1),
  custom: ({ base_delay_seconds: base, delays_seconds: delays }, failed) =>
    delays[Math.min(failed, delays.length) - 1] ?? base,
};

/** In the order in which a form offers them. */
export const STRATEGIES = Object.keys(DELAYS) as Strategy[];
