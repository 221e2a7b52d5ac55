import { performEffects } from '../effects/effects.js';
import { decideDelivery, decideSettling, type Findings } from '../rules/attempt-decision.js';
import type { RunKey, RunPorts } from '../rules/ports.js';
import type { LaneToken } from '../rules/token.js';
import { abandoned, dead } from '../rules/transitions.js';
import { findRun, runOf } from './find-run.js';
import { record } from './record.js';

/**
 * Ends the run of a poison message, without another call: the run becomes a dead letter (`worker_failure`). A message
 * that its run has passed changes nothing.
 * @returns when to look again (Unix milliseconds), if it cannot be decided yet
 */
export async function buryRun(ports: RunPorts, token: LaneToken): Promise<number | undefined> {
  const key = { project: token.project, run: token.run };
  let found = await findRun(ports, key);
  if (await hasDiedSince(ports, key, found, token)) return undefined;
  for (;;) {
    const now = ports.clock.now();
    const decision =
      token.kind === 'settle'
        ? decideSettling(token, found, now)
        : decideDelivery(token, found, { now, maxReclaims: 0 });
    switch (decision.do) {
      case 'wait':
        return decision.due;
      case 'effects':
        await performEffects(ports, runOf(found), decision.state);
        return undefined;
      case 'claim':
      case 'proceed':
        found = await record(ports, key, found, dead(decision.seen, 'worker_failure', now));
        break;
      case 'conclude':
        found = await record(ports, key, found, abandoned(decision.seen, decision.as, now));
        break;
      default:
        return undefined;
    }
  }
}

/** Whether the run died after the message was sent: that death is visible, and a replay has its own message. */
async function hasDiedSince(
  ports: Pick<RunPorts, 'deadLetters'>,
  key: RunKey,
  { state, deadLetter }: Findings,
  { sent_at }: LaneToken,
) {
  const letter = deadLetter ?? (state && state.epoch > 0 ? await ports.deadLetters.find(key) : undefined);
  return letter !== undefined && letter.created_at > sent_at;
}
