import { removeProjects } from '../protocol/projects/remove-project.js';
import { endContents } from '../protocol/sweep/end-contents.js';
import { redrive } from '../protocol/sweep/quarantine.js';
import { reEncrypt } from '../protocol/sweep/re-encrypt.js';
import { sendProbes, sweep } from '../protocol/sweep/round.js';
import { logger } from '../runtime/logger.js';
import { counting } from '../runtime/metrics.js';
import { wireReconciler } from '../runtime/reconciler-wiring.js';
import { exportAudit } from '../subjects/audit/export-audit.js';
import { rollUpAll } from '../subjects/stats/roll-up.js';

const ports = wireReconciler();

/** Ends of the steps within the function's five minutes: no step takes the time of the next one. */
const REDRIVEN_MS = 60_000;
const SWEPT_MS = 180_000;
const COUNTED_MS = 240_000;
const ENDED_MS = 255_000;
const REMOVED_MS = 270_000;
const RE_ENCRYPTED_MS = 285_000;

/**
 * Every 15 minutes: first the labels of master secrets, and messages in the DLQs; then lost messages and then the
 * statistics, which are not urgent; then content that is older than its project keeps it, the data of deleted projects, and
 * at last what an older master secret encrypted. A failure of one does not keep the others from running.
 */
export const handler = counting(async (): Promise<void> => {
  const begun = ports.clock.now();
  const isAfter = (ms: number) => () => ports.clock.now() - begun >= ms;
  const [kept] = await Promise.allSettled([ports.keepSecrets()]);
  const probedAt = await sendProbes(ports);
  await redrive(ports, isAfter(REDRIVEN_MS));
  const round = sweep(ports, probedAt, isAfter(SWEPT_MS)).then((isOver) => ({ isOver }));
  const [swept] = await Promise.allSettled([round]);
  logger.info('swept', { ...outcomeOf(swept), tookMs: ports.clock.now() - begun });
  const [counted] = await Promise.allSettled([rollUpAll(ports, begun + COUNTED_MS)]);
  const { auditExports } = ports;
  const [exported] = await Promise.allSettled([auditExports && exportAudit({ ...ports, auditExports })]);
  const [ended] = await Promise.allSettled([endContents(ports, isAfter(ENDED_MS))]);
  await removeProjects(ports, isAfter(REMOVED_MS));
  const [reEncrypted] = await Promise.allSettled([reEncrypt(ports, isAfter(RE_ENCRYPTED_MS))]);
  logger.info('re-encrypted', outcomeOf(reEncrypted));
  const steps = [kept, swept, counted, exported, ended, reEncrypted];
  for (const step of steps) if (step.status === 'rejected') throw step.reason;
});

function outcomeOf(step: PromiseSettledResult<Record<string, unknown>>): Record<string, unknown> {
  return step.status === 'fulfilled' ? step.value : { error: step.reason };
}
