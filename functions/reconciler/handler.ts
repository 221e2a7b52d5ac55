import { redrive } from '../protocol/sweep/quarantine.js';
import { sendProbes, sweep } from '../protocol/sweep/round.js';
import { logger } from '../runtime/logger.js';
import { counting } from '../runtime/metrics.js';
import { wireReconciler } from '../runtime/reconciler-wiring.js';
import { rollUpAll } from '../subjects/stats/roll-up.js';

const ports = wireReconciler();

/** Of the function's five minutes, at the latest: no step takes the rest of them. */
const REDRIVEN_MS = 60_000;
const SWEPT_MS = 180_000;
const COUNTED_MS = 240_000;

/**
 * Every 15 minutes. First what failed already, then what may be lost, and at last the statistics, for which nothing waits;
 * none of the three keeps another from its turn.
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
