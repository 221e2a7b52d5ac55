import { settingsFor } from '../../../lib/config.js';
import { measuredLoad } from '../plan/measured.js';
import { follow } from './crowd.js';
import { dollarsOfReturns, SCHEDULES, TASKS, type Treatment } from './levers.js';
import { type Outcome, quantile } from './simulate.js';

/** How late the runs of a crowd are, in seconds. */
interface Lateness {
  readonly half: number;
  /** 99 of 100. */
  readonly most: number;
  readonly last: number;
  readonly outcome: Outcome;
}

export interface FollowedTreatment {
  readonly treatment: Treatment;
  readonly bySize: readonly Lateness[];
  /** For a million runs, in a crowd of the largest size. */
  readonly dollarsOfRefusals: number;
}

export interface Followed {
  readonly sizes: readonly number[];
  readonly tasks: readonly FollowedTreatment[];
  readonly schedules: readonly FollowedTreatment[];
}

export const SIZES = [1_000, 10_000, 100_000, 1_000_000];

/** Follows crowds of these sizes under all treatments, by the stored measurement and the settings of the stage `prod`. */
export function followAll(sizes: readonly number[] = SIZES): Followed {
  const measured = { single: measuredLoad('single'), cron: measuredLoad('cron') };
  const settings = settingsFor('prod');
  const followed = (treatment: Treatment): FollowedTreatment => {
    const bySize = sizes.map((runs) => {
      const outcome = follow({ ...treatment, runs }, settings, measured);
      const [half, most, last] = [0.5, 0.99, 1].map((share) => quantile(outcome, share)) as [number, number, number];
      return { half, most, last, outcome };
    });
    const returns = bySize.at(-1)!.outcome.refusals / sizes.at(-1)!;
    return { treatment, bySize, dollarsOfRefusals: returns * dollarsOfReturns(measured.single) };
  };
  return { sizes, tasks: TASKS.map(followed), schedules: SCHEDULES.map(followed) };
}
