import type { StageSettings } from '../../lib/config.js';

/** Time compressed by the stage's own settings. */
export const SETTINGS = {
  leaseMarginSeconds: 1,
  requestLeaseSeconds: 1,
  laneVisibilitySeconds: 10,
  dispatcherVisibilitySeconds: 10,
  // Here workers die every few seconds: more often than three times for the same attempt is bad luck, not poison.
  maxReceives: 20,
  maxReclaims: 10,
} satisfies Partial<StageSettings>;
