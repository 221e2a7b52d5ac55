import { redrive } from '../protocol/sweep/quarantine.js';
import { reEncrypt } from '../protocol/sweep/re-encrypt.js';
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
const RE_ENCRYPTED_MS = 280_000;

/**
 * Every 15 minutes: first messages in the DLQs, then lost messages and then the statistics, which are not urgent; at last
 * what an older master secret encrypted. A failure of one does not keep the others from running.
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
  const reEncrypted = await reEncrypt(ports, isAfter(RE_ENCRYPTED_MS)).catch((error) => ({ error }));
  logger.info('re-encrypted', reEncrypted);
  for (const step of [swept, reEncrypted]) if ('error' in step) throw step.error;
});
