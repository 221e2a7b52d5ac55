import { logger } from '../runtime/logger.js';
import { wireReconciler } from '../runtime/reconciler-wiring.js';
import { reconcile } from './reconcile.js';

const ports = wireReconciler();

/** Every 15 minutes. What it has to mend was lost by somebody else, so it says how much there was. */
export const handler = async (): Promise<void> => {
  logger.info('reconciled', { ...(await reconcile(ports)) });
};
