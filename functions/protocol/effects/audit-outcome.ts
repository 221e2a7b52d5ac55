import { createHash } from 'node:crypto';
import { makeId } from '../../primitives/ids.js';
import type { RunDefinition, RunState } from '../../subjects/task-runs/task-run.js';
import type { RunPorts } from '../rules/ports.js';
import { lastAttemptOf } from './last-attempt.js';

/**
 * Puts a recorded attempt's outcome into the audit, if the stage asks for it. May be repeated. The entry's id has the
 * time of the write, so that a reader with a cursor misses no entry, even a late one after a worker's death.
 */
export async function auditOutcome(
  ports: Pick<RunPorts, 'auditTrail' | 'clock' | 'runs'>,
  run: RunDefinition,
  state: RunState,
): Promise<void> {
  if (ports.auditTrail === undefined) return;
  const attempt = await lastAttemptOf(ports, run, state);
  if (attempt?.attempt !== state.attempt) return; // no outcome was recorded, as after a lost worker
  const at = ports.clock.now();
  await ports.auditTrail.put({
    type: 'delivery',
    id: makeId('aud', at, createHash('sha256').update(attempt.id).digest()),
    at,
    project_id: run.project_id,
    attempt_id: attempt.id,
    task_id: run.id,
    endpoint_id: run.endpoint_id ?? null,
    attempt: attempt.attempt,
    outcome: attempt.status,
    http_status: attempt.http_status,
    error_code: attempt.error?.code ?? null,
    latency_ms: attempt.finished_at - attempt.started_at,
  });
}
