import { logger } from '../runtime/logger.js';
import { wireReconciler } from '../runtime/reconciler-wiring.js';
import { counting, tally } from '../runtime/tally.js';
import { reconcile, rollUpAll } from './reconcile.js';

const ports = wireReconciler();

/** Every 15 minutes. What it has to mend was lost by somebody else, so it says how much there was. */
export const handler = counting(async (): Promise<void> => {
  const reconciled = await reconcile(ports);
  tally.count('rearmed', reconciled.rearmed);
  logger.info('reconciled', { ...reconciled });
  // Last, for nothing waits for it.
  await rollUpAll(ports);
});
