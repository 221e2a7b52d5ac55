import type { RunDefinition, RunState } from '../../subjects/task-runs/task-run.js';
import { announceOutcome } from '../effects/announce.js';
import { auditOutcome } from '../effects/audit-outcome.js';
import { performDeadEffects } from '../effects/dead-effects.js';
import { keepLastAttempt } from '../effects/last-attempt.js';
import { leaveSlot } from '../limits/held-runs.js';
import { outlive } from '../messages/life.js';
import { sendToRunsLane } from '../messages/send-run.js';
import type { Findings } from '../rules/attempt-decision.js';
import type { RunKey, RunPorts } from '../rules/ports.js';
import { findRun } from './find-run.js';
import { deliverToken } from './run-operations.js';

/** Writes `next` over what was found; answers what stands afterwards, read again if somebody else was first. */
export async function record(ports: RunPorts, key: RunKey, found: Findings, next: RunState): Promise<Findings> {
  const held = found.state ? await ports.runs.advance(key, found.state, next) : await ports.runs.begin(key, next);
  if (!held) return findRun(ports, key);
  const { glimpsed: _true, ...known } = found;
  return { ...known, state: next };
}

/** What follows from a recorded verdict; every part may be done again. */
export async function performEffects(ports: RunPorts, run: RunDefinition, state: RunState): Promise<void> {
  await keepLastAttempt(ports, state);
  await auditOutcome(ports, run, state);
  if (run.endpoint_id !== undefined)
    await leaveSlot(ports, { project: run.project_id, endpoint: run.endpoint_id }, state);
  if (state.status === 'dead_letter') return performDeadEffects(ports, run, state);
  await announceOutcome(ports, run, state);
  // The token last: once the next attempt is claimed, nobody looks at this one's effects any more.
  if (state.status === 'retry_scheduled') {
    await outlive(ports, run, state.due!, state);
    const token = deliverToken(run, state.attempt + 1, state.due!, ports.clock.now());
    await sendToRunsLane(ports, run, token, state.due!);
  }
}
