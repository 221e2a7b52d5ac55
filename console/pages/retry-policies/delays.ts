/** The fields of a retry policy that decide its delays. */
export interface DelaySettings {
  readonly strategy: 'fixed' | 'linear' | 'exponential' | 'custom';
  readonly base_delay_seconds: number;
  readonly max_delay_seconds: number;
  readonly delays_seconds: readonly number[];
  readonly max_attempts: number;
}

/** Seconds between a policy's attempts, without jitter, as the API computes them. */
export function delaysOf(policy: DelaySettings): number[] {
  const retries = Math.max(0, policy.max_attempts - 1);
  return Array.from({ length: retries }, (_, index) => Math.min(delayOf(policy, index + 1), policy.max_delay_seconds));
}

function delayOf(
  { strategy, base_delay_seconds: base, delays_seconds: delays }: DelaySettings,
  failed: number,
): number {
  switch (strategy) {
    case 'fixed':
      return base;
    case 'linear':
      return base * failed;
    case 'exponential':
      return base * 2 ** (failed - 1);
    case 'custom':
      return delays[Math.min(failed, delays.length) - 1] ?? base;
  }
}
