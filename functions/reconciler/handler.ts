import { redrive } from '../protocol/sweep/quarantine.js';
import { sendProbes, sweep } from '../protocol/sweep/round.js';
import { logger } from '../runtime/logger.js';
import { counting } from '../runtime/metrics.js';
import { wireReconciler } from '../runtime/reconciler-wiring.js';
import { rollUpAll } from '../subjects/stats/roll-up.js';

const ports = wireReconciler();

/** Ends of the steps within the function's five minutes: no step takes the time of the next one. */
const REDRIVEN_MS = 60_000;
const SWEPT_MS = 180_000;
const COUNTED_MS = 240_000;

/**
 * Every 15 minutes: first messages in the DLQs, then lost messages, at last the statistics, which are not urgent. A
 * failure of one does not keep the others from running.
 */
export const handler = counting(async (): Promise<void> => {
  const begun = ports.clock.now();
  const isAfter = (ms: number) => () => ports.clock.now() - begun >= ms;
  const probedAt = await sendProbes(ports);
  await redrive(ports, isAfter(REDRIVEN_MS));
  const swept = await sweep(ports, probedAt, isAfter(SWEPT_MS)).then(
    (isOver) => ({ isOver }),
    (error: unknown) => ({ error }),
  );
  logger.info('swept', { ...swept, tookMs: ports.clock.now() - begun });
  await rollUpAll(ports, begun + COUNTED_MS);
  if ('error' in swept) throw swept.error;
});
