import type { StageSettings } from '../../../lib/config.js';
import { dollarsOf, type Load, MESSAGES_PER_INVOCATION } from './load.js';
import { bindsAt, type Limit, limitsOf } from './quotas.js';
import { minutesToRecover, POLLERS } from './recovery.js';

/** The plan for one rate, with one task per request. */
export interface PlannedRate {
  readonly deliveriesPerSecond: number;
  /** All limits that bind, the lowest first. */
  readonly binding: readonly Limit[];
  /** Dollars for 30 days, at ten messages per invocation and at one; free tiers left out. */
  readonly monthAtTen: number;
  readonly monthAtOne: number;
  /** Minutes until an hour's backlog is delivered, with every binding limit raised to four times the rate. */
  readonly recoveryMinutes: number | undefined;
}

export interface Plan {
  /** Limits in the order in which they bind. */
  readonly limits: readonly (Limit & { readonly bindsAt: number })[];
  readonly rates: readonly PlannedRate[];
}

export const RATES = [1, 100, 1_000, 10_000, 100_000];
const MONTH_SECONDS = 30 * 24 * 3600;
const OUTAGE_SECONDS = 3600;
/** Limits in multiples of the rate, so that a backlog is worked off in a third of the time in which it grew. */
const HEADROOM = 4;

/** `fixed`: dollars for 30 days without a delivery. */
export function planFor(load: Load, settings: StageSettings, fixed: number): Plan {
  const limits = limitsOf(settings, load)
    .map((limit) => ({ ...limit, bindsAt: bindsAt(limit) }))
    .sort((one, other) => one.bindsAt - other.bindsAt);
  const month = (rate: number, dollarsPerMillion: number) =>
    (rate * MONTH_SECONDS * dollarsPerMillion) / 1_000_000 + fixed;
  const dollars = dollarsOf(load);
  const rates = RATES.map((rate) => ({
    deliveriesPerSecond: rate,
    binding: limits.filter((limit) => limit.bindsAt <= rate),
    monthAtTen: month(rate, dollars.atTen),
    monthAtOne: month(rate, dollars.atOne),
    recoveryMinutes: minutesToRecover(rate * OUTAGE_SECONDS, rate, {
      ...POLLERS,
      mostBatches: Math.max(
        settings.fastLaneConcurrency,
        (HEADROOM * rate * load.delivererSeconds) / MESSAGES_PER_INVOCATION,
      ),
      perBatch: MESSAGES_PER_INVOCATION / load.delivererSeconds,
      most: Math.max(HEADROOM * rate, limits[0]!.bindsAt),
    }),
  }));
  return { limits, rates };
}
