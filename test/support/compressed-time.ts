import { type StageSettings, settingsFor } from '../../lib/config.js';

/** Durations of a stage, in seconds or in timeouts of a function. All of them are compressed by the same factor. */
const DURATIONS = [
  'leaseMarginSeconds',
  'requestLeaseSeconds',
  'secretsSeconds',
  'failedAgainSeconds',
  'failedAgainMostSeconds',
  'poisonAfterSeconds',
  'removalQuietSeconds',
  'visibilityTimeouts',
] as const satisfies readonly (keyof StageSettings)[];

/**
 * Fewer functions at the same time, for want of processors, which is no kinder. Everything else, counts, limits, batch sizes and
 * wiring, is what ships. (`holdSeconds` is what SQS makes it: a delay in whole seconds arrives up to two seconds early.)
 */
type Fewer = Partial<
  Pick<StageSettings, 'fastLaneConcurrency' | 'slowLaneConcurrency' | 'wakeUpConcurrency' | 'replayConcurrency'>
>;

/**
 * The settings that ship, with time compressed: what takes `factor` seconds in a deployed stage takes one here, rounded up where
 * SQS and the functions count whole seconds. The one place from which proofs may differ from `lib/config.ts`.
 */
export function compressedTime(
  factor: number,
  fewer: Fewer = {},
): Fewer & Pick<StageSettings, (typeof DURATIONS)[number]> {
  const shipped = settingsFor('local');
  const durations = DURATIONS.map((name) => {
    const exact = shipped[name] / factor;
    return [name, name === 'visibilityTimeouts' ? exact : Math.ceil(exact)];
  });
  return { ...(Object.fromEntries(durations) as Record<(typeof DURATIONS)[number], number>), ...fewer };
}
