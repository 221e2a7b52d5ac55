import type { components } from '../../api/schema.js';
import { latencyText } from '../../components/durations.js';

export type Stats = components['schemas']['Stats'];
export type Totals = Stats['totals'];

/** Number of attempts with any outcome. */
export function attemptsIn({ success, failed, timed_out, blocked }: Totals): number {
  return success + failed + timed_out + blocked;
}

const COUNT = new Intl.NumberFormat('en-GB');
const SHORT = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 });

export const countText = (count: number): string => COUNT.format(count);
export const shortCountText = (count: number): string => SHORT.format(count);

export const millisText = (value: number | null): string => (value === null ? '–' : latencyText(value));

/** A share in per cent, rounded down so that an incomplete share is never shown as 100 %. */
export function shareText(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.floor((part / whole) * 10_000) / 100} %`;
}
