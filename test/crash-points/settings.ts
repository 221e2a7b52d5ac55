import { compressedTime } from '../support/compressed-time.js';

export const SETTINGS = compressedTime(120, { fastLaneConcurrency: 16, wakeUpConcurrency: 8, replayConcurrency: 8 });

/** Few workers, so that messages gather; slower, since each death is a receive of all that were in its batch. */
export const BATCHES = compressedTime(45, { fastLaneConcurrency: 2, wakeUpConcurrency: 8, replayConcurrency: 8 });
